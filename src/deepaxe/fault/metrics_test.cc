#include "deepaxe/fault/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

FaultCounts fault_of(std::uint64_t index, std::int64_t harmful, std::int64_t beneficial = 0,
                     std::int64_t neutral = 0) {
  FaultCounts fault{index, {}, 0};
  fault.counts[Outcome::kMasked] = 100 - harmful - beneficial - neutral;
  fault.counts[Outcome::kHarmful] = harmful;
  fault.counts[Outcome::kBeneficial] = beneficial;
  fault.counts[Outcome::kNeutral] = neutral;
  return fault;
}

Estimate known(const std::optional<Estimate>& estimate) {
  if (!estimate) throw std::logic_error("no estimate");
  return *estimate;
}

// A census with two thirds of the images right; bit 7 of tensor 1 always changes the class.
CampaignResult census_of(const FaultSpace& space) {
  CampaignResult result;
  result.images = 3;
  result.golden_correct = 2;
  result.class_sizes = {3};
  const std::size_t num_strata = space.tensors().size() * 8;
  for (std::size_t h = 0; h < num_strata; ++h) {
    const auto pairs = static_cast<std::int64_t>(space.tensors()[h / 8].elements) * 3;
    OutcomeCounts& counts = result.by_stratum.emplace_back();
    counts[h == 15 ? Outcome::kHarmful : Outcome::kMasked] = pairs;
    result.total += counts;
  }
  result.sdc_rate = sdc_rate(result.total);
  result.sdc_interval = result.harmful_interval = {result.sdc_rate, result.sdc_rate};
  result.outcome_rates[static_cast<std::size_t>(Outcome::kHarmful)] = result.sdc_rate;
  return result;
}

TEST(Metrics, SdcOfRightImagesIsTheHarmfulRateOverTheAccuracy) {
  const FaultSpace space(testing::chain_network(1));
  CampaignResult result = census_of(space);
  EXPECT_DOUBLE_EQ(known(sdc_of_right(result)).value, result.sdc_rate * 1.5);
  EXPECT_DOUBLE_EQ(known(sdc_of_right(result)).interval.high, result.sdc_rate * 1.5);
  result.golden_correct = 0;
  EXPECT_FALSE(sdc_of_right(result).has_value());
}

Estimate critical_of(const std::vector<FaultCounts>& faults, double share, bool is_all) {
  CriticalFaults critical(share);
  for (const FaultCounts& fault : faults) critical.add(fault);
  return critical.estimate(is_all);
}

TEST(Metrics, AFaultIsCriticalIfItHarmsTheShareAskedForAndAtLeastOneImage) {
  const std::vector<FaultCounts> faults = {fault_of(0, 0, 50), fault_of(1, 1), fault_of(2, 5),
                                           fault_of(3, 30)};
  EXPECT_DOUBLE_EQ(critical_of(faults, 0, true).value, 0.75);
  EXPECT_DOUBLE_EQ(critical_of(faults, 0.05, true).value, 0.5);
  EXPECT_EQ(critical_of(faults, 0.05, true).interval.half_width(), 0);
  for (const int harmful : {7, 14, 28, 55, 56}) {  // At the share to the last bit.
    EXPECT_EQ(critical_of({fault_of(0, harmful)}, harmful / 100.0, true).value, 1) << harmful;
    EXPECT_EQ(critical_of({fault_of(0, harmful - 1)}, harmful / 100.0, true).value, 0) << harmful;
  }
  EXPECT_EQ(critical_of(faults, 0.05, false).interval.low, clopper_pearson(2, 4).low);
}

std::vector<std::uint64_t> worst_of(const std::vector<FaultCounts>& faults, std::size_t count) {
  WorstFaults worst(count);
  for (const FaultCounts& fault : faults) worst.add(fault);
  std::vector<std::uint64_t> order;
  for (const FaultCounts& fault : worst.ranked()) order.push_back(fault.fault);
  return order;
}

TEST(Metrics, WorstFaultsAreSortedByHarmThenByChangesThenByNumber) {
  std::vector<FaultCounts> faults = {fault_of(0, 1), fault_of(1, 9, 9), fault_of(2, 9, 2),
                                     fault_of(3, 1, 0, 5), fault_of(4, 1)};
  const std::vector<std::uint64_t> all = {2, 3, 0, 4, 1};
  do {  // In whatever order they come.
    EXPECT_EQ(worst_of(faults, 99), all);
    EXPECT_EQ(worst_of(faults, 3), std::vector<std::uint64_t>(all.begin(), all.begin() + 3));
  } while (std::next_permutation(faults.begin(), faults.end(),
                                 [](const auto& a, const auto& b) { return a.fault < b.fault; }));
  EXPECT_TRUE(worst_of(faults, 0).empty());
}

TEST(Metrics, FailuresInTimeOfLiveBitsAreTheirNumberTimesRates) {
  const FaultSpace space(testing::chain_network(1));
  const CampaignResult result = census_of(space);
  FitParams params{.raw_per_mbit = 400,
                   .residency = std::vector<double>(space.tensors().size(), 1.0)};
  const auto bits = static_cast<double>(space.size());
  const Estimate all = known(failures_in_time(result, Sampling::kCensus, space, params));
  EXPECT_DOUBLE_EQ(all.value, 400 * bits / 1e6 * result.sdc_rate);
  EXPECT_EQ(all.interval.half_width(), 0);
  // Only tensor 1 has failures: its share of the time is theirs.
  params.residency.assign(space.tensors().size(), 1.0);
  params.residency[1] = 0.25;
  const Estimate live = known(failures_in_time(result, Sampling::kCensus, space, params));
  EXPECT_NEAR(live.value, 0.25 * all.value, 1e-12 * all.value);
  EXPECT_NEAR(live.interval.high, live.value, 1e-12 * all.value);
  params.residency[1] = 0;
  EXPECT_EQ(known(failures_in_time(result, Sampling::kCensus, space, params)).value, 0);
}

// All failures are of class 0, a quarter of the images, met as often as the others together.
TEST(Metrics, FailuresInTimeWeighClassesOfImagesByTheirSizes) {
  const FaultSpace space(testing::chain_network(1));
  CampaignResult result;
  result.images = 8;
  result.class_sizes = {2, 6};
  result.by_stratum.resize(space.num_rows() * 2);
  for (std::size_t h = 0; h < result.by_stratum.size(); ++h) {
    result.by_stratum[h][Outcome::kMasked] = h % 2 == 0 ? 5 : 10;
    result.by_stratum[h][Outcome::kHarmful] = h % 2 == 0 ? 5 : 0;
  }
  FitParams params{.raw_per_mbit = 400,
                   .residency = std::vector<double>(space.tensors().size(), 1.0)};
  params.residency[0] = 0.5;
  double live = 0;
  for (std::size_t t = 0; t < space.tensors().size(); ++t) {
    live += static_cast<double>(space.tensors()[t].num_faults()) * params.residency[t];
  }
  const Estimate estimate = known(failures_in_time(result, Sampling::kStratified, space, params));
  EXPECT_NEAR(estimate.value, 400 * live / 1e6 * 0.25 * 0.5, 1e-9);
  EXPECT_GT(estimate.interval.half_width(), 0);
}

TEST(Metrics, FailuresInTimeOfWholeFaultsNeedEqualResidencies) {
  const FaultSpace space(testing::chain_network(1));
  const CampaignResult result = census_of(space);
  FitParams params{.raw_per_mbit = 400,
                   .residency = std::vector<double>(space.tensors().size(), 0.5)};
  EXPECT_TRUE(failures_in_time(result, Sampling::kCommonFaults, space, params).has_value());
  EXPECT_FALSE(failures_in_time(result, Sampling::kDeepaxe2023, space, params).has_value());
  params.residency[0] = 1;
  EXPECT_FALSE(failures_in_time(result, Sampling::kCommonFaults, space, params).has_value());
}

}  // namespace
}  // namespace deepaxe::fault
