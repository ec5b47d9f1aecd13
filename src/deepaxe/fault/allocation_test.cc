#include "deepaxe/fault/allocation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace deepaxe::fault {
namespace {

StratumSample stratum(double weight, std::int64_t drawn = 0, std::int64_t events = 0) {
  return {.weight = weight, .drawn = drawn, .plus = events, .minus = 0, .squares = events};
}

const std::vector<StratumSample> kThree = {stratum(0.5, 10'000, 1), stratum(0.3, 10'000, 10),
                                           stratum(0.2, 10'000, 1'000)};

// What a sample of one pair would have, divided by the pairs: Cochran, equation 5.6.
double variance_of(const std::vector<double>& shares, const std::vector<double>& rates) {
  double variance = 0;
  for (std::size_t h = 0; h < kThree.size(); ++h) {
    variance += kThree[h].weight * kThree[h].weight * rates[h] * (1 - rates[h]) / shares[h];
  }
  return variance;
}

TEST(Allocation, IsOneOfSharesAndNeverLessThanHalfTheWeight) {
  for (const double pairs : {100.0, 1e4, 1e6, 1e9}) {
    const std::vector<double> shares = allocate(kThree, std::vector<double>(3, 1.0), pairs);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
    for (std::size_t h = 0; h < 3; ++h) {
      EXPECT_GE(shares[h], kLeastProportionalShare * kThree[h].weight);
    }
  }
}

TEST(Allocation, IsProportionalWhereRatesAreEqual) {
  const std::vector<StratumSample> equal = {stratum(0.7), stratum(0.3)};
  const std::vector<double> shares = allocate(equal, std::vector<double>{1, 1}, 1e5);
  EXPECT_NEAR(shares[0], 0.7, 1e-12);
}

TEST(Allocation, OfManyPairsHasLessVarianceThanProportionalOnes) {
  const std::vector<double> rates = {1e-4, 1e-3, 0.1};
  const std::vector<double> shares = allocate(kThree, std::vector<double>(3, 1.0), 1e6);
  EXPECT_LT(variance_of(shares, rates), 0.6 * variance_of({0.5, 0.3, 0.2}, rates));
}

TEST(Allocation, IsProportionalWhileHardlyAnyEventIsToCome) {
  const std::vector<StratumSample> quiet = {stratum(0.5, 1'000), stratum(0.5, 1'000)};
  const std::vector<double> shares = allocate(quiet, std::vector<double>{1, 81}, 1e3);
  EXPECT_EQ(shares, (std::vector<double>{0.5, 0.5}));
}

TEST(Allocation, BelievesThePriorUntilThePilotSaysOtherwise) {
  const std::vector<double> prior = {1, 100};
  const std::vector<StratumSample> none = {stratum(0.5), stratum(0.5)};
  const std::vector<double> before = allocate(none, prior, 1e8);
  EXPECT_GT(before[1], before[0]);
  const std::vector<StratumSample> opposite = {stratum(0.5, 10'000, 500), stratum(0.5, 10'000, 5)};
  const std::vector<double> after = allocate(opposite, prior, 1e8);
  EXPECT_GT(after[0], after[1]);
}

// Strata of equal weight whose events follow the prior, or do not depend on it.
TEST(Allocation, TakesAsMuchOfThePriorsSteepnessAsThePilotShows) {
  std::vector<double> prior;
  std::vector<StratumSample> flat, steep;
  for (int bit = 0; bit < 8; ++bit) {
    prior.push_back(prior_rate(bit, 8, 0));
    flat.push_back(stratum(1.0 / 8, 1'000, 5));
    steep.push_back(stratum(1.0 / 8, 1'000, bit == 7 ? 27 : bit == 6 ? 9 : bit == 5 ? 3 : 0));
  }
  const std::vector<double> even = allocate(flat, prior, 1e8);
  EXPECT_LT(even[7] / even[0], 1.2);
  const std::vector<double> uneven = allocate(steep, prior, 1e8);
  EXPECT_GT(uneven[7] / uneven[0], 4);
}

TEST(Allocation, RefusesRatesOfOtherStrata) {
  EXPECT_THROW(allocate(kThree, std::vector<double>(2, 1.0), 100), std::invalid_argument);
}

TEST(PriorRate, GrowsWithTheBitToOneAndStaysPositiveInWideWords) {
  for (const int bits : {8, 32}) {
    for (int bit = 1; bit < bits; ++bit) {
      EXPECT_GE(prior_rate(bit, bits, 0), prior_rate(bit - 1, bits, 0));
      EXPECT_GT(prior_rate(bit - 1, bits, 0), 0);
    }
    EXPECT_EQ(prior_rate(bits - 1, bits, 0), 1);
    EXPECT_LT(prior_rate(bits - 1, bits, 2), prior_rate(bits - 1, bits, 1));
  }
}

}  // namespace
}  // namespace deepaxe::fault
