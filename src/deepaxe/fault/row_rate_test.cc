#include "deepaxe/fault/row_rate.h"

#include <gtest/gtest.h>

#include <vector>

namespace deepaxe::fault {
namespace {

OutcomeCounts counts_of(std::int64_t masked, std::int64_t harmful) {
  OutcomeCounts counts;
  counts[Outcome::kMasked] = masked;
  counts[Outcome::kHarmful] = harmful;
  return counts;
}

// Two rows; of 100 images ten, met as often as the others together, have all changes of row 0.
CampaignResult uneven() {
  CampaignResult result;
  result.images = 100;
  result.class_sizes = {10, 90};
  result.by_stratum = {counts_of(50, 50), counts_of(100, 0), counts_of(40, 0), OutcomeCounts{}};
  return result;
}

TEST(RowRate, IsTheMeanOverImagesNotOverPairs) {
  const std::vector<RowRate> rates = row_rates(uneven());
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates[0].pairs, 200);
  EXPECT_DOUBLE_EQ(rates[0].sdc.value_or(-1), 0.1 * 0.5);
  EXPECT_EQ(row_counts(uneven(), 0)[Outcome::kHarmful], 50);
}

TEST(RowRate, IsNotKnownWhereAClassOfImagesHasNoPair) {
  const std::vector<RowRate> rates = row_rates(uneven());
  EXPECT_EQ(rates[1].pairs, 40);
  EXPECT_FALSE(rates[1].sdc.has_value());
  EXPECT_FALSE(mean_rate(rates).has_value());
}

TEST(RowRate, OfOneClassIsThatOfTheCounts) {
  CampaignResult result;
  result.images = 7;
  result.class_sizes = {7};
  result.by_stratum = {counts_of(30, 10)};
  EXPECT_DOUBLE_EQ(row_rates(result)[0].sdc.value_or(-1), 0.25);
  EXPECT_EQ(row_rate(result.by_stratum[0]).sdc, row_rates(result)[0].sdc);
}

TEST(RowRate, OfSeveralBitsIsTheMeanOfTheirRates) {
  std::vector<RowRate> bits(8, row_rate(counts_of(100, 0)));
  bits[7] = row_rate(counts_of(0, 400));
  EXPECT_DOUBLE_EQ(mean_rate(bits).value_or(-1), 1.0 / 8);
  bits[0] = {};
  EXPECT_FALSE(mean_rate(bits).has_value());
}

TEST(RowRate, OfFewPairsSaysNothing) {
  EXPECT_FALSE(rate_if_known(row_rate(counts_of(kLeastPairs - 1, 0))).has_value());
  EXPECT_TRUE(rate_if_known(row_rate(counts_of(kLeastPairs, 0))).has_value());
}

TEST(RowRate, LossOfMarginIsWeightedAlike) {
  CampaignResult result = uneven();
  EXPECT_FALSE(row_margin_loss(result, 0).has_value());
  result.margin_loss.emplace();
  result.margin_loss->by_stratum.resize(4);
  result.margin_loss->by_stratum[0].lost = 1'000;
  result.margin_loss->by_stratum[1].gained = 200;
  EXPECT_DOUBLE_EQ(row_margin_loss(result, 0).value_or(-1), 0.1 * 10 - 0.9 * 2);
}

}  // namespace
}  // namespace deepaxe::fault
