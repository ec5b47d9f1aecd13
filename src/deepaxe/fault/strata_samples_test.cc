#include "deepaxe/fault/strata_samples.h"

#include <gtest/gtest.h>

#include <vector>

namespace deepaxe::fault {
namespace {

OutcomeCounts counts_of(std::int64_t masked, std::int64_t harmful, std::int64_t beneficial) {
  OutcomeCounts counts;
  counts[Outcome::kMasked] = masked;
  counts[Outcome::kHarmful] = harmful;
  counts[Outcome::kBeneficial] = beneficial;
  return counts;
}

const std::vector<Stratum> kStrata = {
    {.num_faults = 1'000, .num_images = 100, .weight = 0.1},
    {.num_faults = 1'000, .num_images = 900, .weight = 0.9},
};
const std::vector<OutcomeCounts> kCounts = {counts_of(400, 80, 20), counts_of(498, 2, 0)};

CampaignResult estimated() {
  CampaignResult result;
  result.by_stratum = kCounts;
  fill_estimates(kStrata, 0.95, result);
  return result;
}

TEST(StrataSamples, RatesWeighStrataByTheirSharesOfAllPairs) {
  const CampaignResult result = estimated();
  EXPECT_DOUBLE_EQ(result.sdc_rate, 0.1 * 0.2 + 0.9 * 0.004);
  EXPECT_DOUBLE_EQ(result.vulnerability, 0.1 * 0.12 + 0.9 * 0.004);
  EXPECT_TRUE(result.sdc_interval.contains(result.sdc_rate));
  EXPECT_TRUE(result.vulnerability_interval.contains(result.vulnerability));
}

TEST(Expected, OfAsManyPairsIsWhatIsKnown) {
  const CampaignResult result = estimated();
  const Expectation same = expected(kStrata, kCounts, std::vector<std::uint64_t>{500, 500});
  EXPECT_DOUBLE_EQ(same.sdc_rate, result.sdc_rate);
  EXPECT_DOUBLE_EQ(same.sdc, result.sdc_interval.half_width());
  EXPECT_DOUBLE_EQ(same.vulnerability, result.vulnerability_interval.half_width());
}

// Four times the pairs: at most half the width, for what one more event adds falls faster.
TEST(Expected, OfMorePairsIsNarrowerAndOfAllAPoint) {
  const CampaignResult result = estimated();
  const Expectation four = expected(kStrata, kCounts, std::vector<std::uint64_t>{2'000, 2'000});
  EXPECT_DOUBLE_EQ(four.sdc_rate, result.sdc_rate);
  EXPECT_LT(four.sdc, 0.51 * result.sdc_interval.half_width());
  EXPECT_GT(four.sdc, 0.3 * result.sdc_interval.half_width());
  EXPECT_LT(four.vulnerability, 0.51 * result.vulnerability_interval.half_width());
  const Expectation all = expected(
      kStrata, kCounts, std::vector<std::uint64_t>{kStrata[0].num_pairs(), kStrata[1].num_pairs()});
  EXPECT_EQ(all.sdc, 0);
  EXPECT_EQ(all.vulnerability, 0);
}

}  // namespace
}  // namespace deepaxe::fault
