// paired_difference of campaign.h.
#include <gtest/gtest.h>

#include <vector>

#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {
namespace {

TEST(PairedDifference, OfADesignAndItselfIsZero) {
  const std::vector<ClassChange> changes = {{3, Outcome::kHarmful}, {9, Outcome::kNeutral}};
  const PairedDifference same = paired_difference(changes, 1000, changes, 500);
  EXPECT_EQ(same.pairs, 500U);
  EXPECT_EQ(same.sdc_rate, 0);
  EXPECT_EQ(same.vulnerability, 0);
  EXPECT_TRUE(same.sdc_interval.contains(0));
}

TEST(PairedDifference, CountsOnlyWhereTheDesignsDifferInTheCommonPrefix) {
  const std::vector<ClassChange> a = {{1, Outcome::kHarmful},
                                      {2, Outcome::kHarmful},
                                      {5, Outcome::kNeutral},
                                      {99, Outcome::kHarmful}};
  const std::vector<ClassChange> b = {{2, Outcome::kBeneficial}, {7, Outcome::kBeneficial}};
  const PairedDifference difference = paired_difference(a, 100, b, 50);
  EXPECT_EQ(difference.pairs, 50U);
  EXPECT_DOUBLE_EQ(difference.sdc_rate, (3.0 - 2.0) / 50);
  EXPECT_DOUBLE_EQ(difference.vulnerability, (2.0 - -2.0) / 50);
  const Interval sdc = difference_interval(2, 1, 50);  // Pairs 1 and 5 against pair 7.
  EXPECT_DOUBLE_EQ(difference.sdc_interval.low, sdc.low);
  // Pair 2 goes from beneficial to harmful: it widens the interval beyond that of four ones.
  EXPECT_GT(difference.vulnerability_interval.half_width(),
            difference_interval(4, 0, 50).half_width());
}

TEST(PairedDifference, OfStrataWeighsThemAndStopsAtEachCommonPrefix) {
  // Two strata: pair = index * 2 + stratum.
  const std::vector<CommonStratum> strata = {{0.9, 1e6, 1'000, 500}, {0.1, 1e6, 100, 300}};
  const std::vector<ClassChange> a = {{2 * 7 + 0, Outcome::kHarmful},
                                      {2 * 99 + 1, Outcome::kHarmful},
                                      {2 * 600 + 0, Outcome::kHarmful}};  // Beyond b's prefix.
  const std::vector<ClassChange> b = {{2 * 99 + 1, Outcome::kBeneficial},
                                      {2 * 200 + 1, Outcome::kHarmful}};  // Beyond a's.
  const PairedDifference difference = paired_difference(a, b, strata);
  EXPECT_EQ(difference.pairs, 600U);
  EXPECT_DOUBLE_EQ(difference.sdc_rate, 0.9 * 1 / 500);
  EXPECT_DOUBLE_EQ(difference.vulnerability, 0.9 * 1 / 500 + 0.1 * 2 / 100);
  EXPECT_TRUE(difference.sdc_interval.contains(0));
  const PairedDifference reversed = paired_difference(
      b, a, std::vector<CommonStratum>{{0.9, 1e6, 500, 1'000}, {0.1, 1e6, 300, 100}});
  EXPECT_NEAR(reversed.vulnerability_interval.low, -difference.vulnerability_interval.high, 1e-12);
}

}  // namespace
}  // namespace deepaxe::fault
