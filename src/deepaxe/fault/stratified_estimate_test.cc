#include "deepaxe/fault/stratified_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace deepaxe::fault {
namespace {

StratumSample events(double weight, std::int64_t drawn, std::int64_t plus, std::int64_t minus = 0,
                     double population = std::numeric_limits<double>::infinity()) {
  return {weight, population, drawn, plus, minus, plus + minus};
}

TEST(StratifiedEstimate, WeighsTheRatesOfTheStrata) {
  const std::vector<StratumSample> strata = {events(0.75, 100, 10, 4),
                                             events(0.25, 1'000, 500, 300)};
  EXPECT_DOUBLE_EQ(stratified_difference(strata).value, 0.75 * 0.06 + 0.25 * 0.2);
  const std::vector<StratumSample> rates = {events(0.75, 100, 10), events(0.25, 1'000, 500)};
  EXPECT_DOUBLE_EQ(stratified_proportion(rates).value, 0.75 * 0.1 + 0.25 * 0.5);
}

// One stratum of rare events is a plain sample.
TEST(StratifiedEstimate, OfOneStratumIsNearThePlainInterval) {
  for (const std::int64_t k : {0, 1, 5, 50}) {
    const std::vector<StratumSample> one = {events(1, 10'000, k)};
    const Interval plain = clopper_pearson(k, 10'000);
    const Interval interval = stratified_proportion(one).interval;
    EXPECT_NEAR(interval.low, plain.low, 0.02 * plain.low);
    EXPECT_NEAR(interval.high, plain.high, 0.02 * plain.high);
  }
}

TEST(StratifiedEstimate, OfNoEventReachesAsFarAsTheThinnestStratumAllows) {
  const std::vector<StratumSample> strata = {events(0.9, 1'000, 0), events(0.1, 1'000, 0)};
  const Interval interval = stratified_proportion(strata).interval;
  EXPECT_EQ(interval.low, 0);
  // If the first stratum had the rate `high / 0.9`, no event would be as rare as 2.5 %.
  EXPECT_NEAR(std::pow(1 - interval.high / 0.9, 1'000), 0.025, 0.002);
}

TEST(StratifiedEstimate, LiesWithinWhatIsPossibleAndAroundItsValue) {
  for (const std::int64_t k : {0, 1, 3, 10, 19, 20}) {
    const std::vector<StratumSample> strata = {events(0.6, 20, k), events(0.4, 20, 20)};
    const Estimate rate = stratified_proportion(strata);
    EXPECT_GE(rate.interval.low, 0);
    EXPECT_LE(rate.interval.high, 1);
    EXPECT_TRUE(rate.interval.contains(rate.value)) << k;
    const std::vector<StratumSample> signs = {events(0.6, 20, k, 20 - k), events(0.4, 20, 0, 20)};
    const Estimate difference = stratified_difference(signs);
    EXPECT_TRUE(difference.interval.contains(difference.value)) << k;
    EXPECT_GE(difference.interval.low, -1 - 1e-9);
  }
}

TEST(StratifiedEstimate, NarrowsAsStrataAreExhaustedAndEndsAsAPoint) {
  double width = 2;
  for (const double population : {1e9, 1'000.0, 500.0, 401.0, 400.0}) {
    const std::vector<StratumSample> strata = {events(0.5, 400, 7, 0, population),
                                               events(0.5, 400, 2, 0, population)};
    const Estimate rate = stratified_proportion(strata);
    const Interval interval = rate.interval;
    EXPECT_LT(interval.high - interval.low, width);
    width = interval.high - interval.low;
    EXPECT_DOUBLE_EQ(rate.value, 4.5 / 400);
  }
  EXPECT_EQ(width, 0);
}

TEST(StratifiedEstimate, OfADifferenceIsTheMirrorImageOfItsNegative) {
  const std::vector<StratumSample> strata = {events(0.5, 400, 7, 1), events(0.5, 100, 0, 2)};
  const std::vector<StratumSample> mirrored = {events(0.5, 400, 1, 7), events(0.5, 100, 2, 0)};
  const Interval a = stratified_difference(strata).interval;
  const Interval b = stratified_difference(mirrored).interval;
  EXPECT_NEAR(a.low, -b.high, 1e-12);
  EXPECT_NEAR(a.high, -b.low, 1e-12);
}

TEST(StratifiedEstimate, WidensForValuesOfTwo) {
  std::vector<StratumSample> ones = {events(1, 1'000, 20)}, twos = ones;
  twos[0].squares = 40;  // Ten values of two.
  const Interval one = stratified_difference(ones).interval;
  const Interval two = stratified_difference(twos).interval;
  EXPECT_GT(two.half_width(), 1.2 * one.half_width());
}

TEST(StratifiedEstimate, OfMoreConfidenceIsWider) {
  const std::vector<StratumSample> strata = {events(0.5, 400, 7, 1), events(0.5, 100, 0, 2)};
  EXPECT_GT(stratified_difference(strata, 0.99).interval.half_width(),
            stratified_difference(strata, 0.95).interval.half_width());
}

TEST(StratifiedEstimate, RefusesAStratumWithoutDraws) {
  const std::vector<StratumSample> strata = {events(0.5, 400, 7), events(0.5, 0, 0)};
  EXPECT_THROW(stratified_proportion(strata), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::fault
