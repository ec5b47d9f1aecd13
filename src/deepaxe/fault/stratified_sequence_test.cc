#include "deepaxe/fault/stratified_sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

constexpr std::uint32_t kImages = 9;
const std::vector<std::uint32_t> kClassBounds = {0, 2, kImages};

StratifiedSequence sequence(std::uint64_t seed = 1) {
  return {strata_of(FaultSpace(testing::chain_network(1)), kClassBounds), seed};
}

std::uint64_t total(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::vector<double> weights_of(const StratifiedSequence& s) {
  std::vector<double> weights;
  for (const Stratum& stratum : s.strata()) weights.push_back(stratum.weight);
  return weights;
}

TEST(Strata, HoldEveryFaultOnceForEveryImage) {
  const FaultSpace space(testing::branch_network(1));
  std::vector<std::uint32_t> images(space.size());
  double weight = 0;
  for (const Stratum& stratum : strata_of(space, kClassBounds)) {
    weight += stratum.weight;
    for (std::uint64_t i = 0; i < stratum.num_faults; ++i) {
      const std::uint64_t fault = stratum.first_fault + i * stratum.stride;
      images[fault] += stratum.num_images;
      EXPECT_EQ(space.at(fault).bit, space.at(stratum.first_fault).bit);
    }
  }
  EXPECT_EQ(images, std::vector<std::uint32_t>(space.size(), kImages));
  EXPECT_NEAR(weight, 1, 1e-12);
}

TEST(StratifiedSequence, MeetsEveryPairOfAStratumOnce) {
  const StratifiedSequence s = sequence();
  for (std::size_t h = 0; h < s.strata().size(); ++h) {
    std::set<std::pair<std::uint32_t, std::uint64_t>> seen;
    const Stratum& stratum = s.strata()[h];
    for (std::uint64_t i = 0; i < stratum.num_pairs(); ++i) {
      const auto pair = s.at(h, i);
      EXPECT_TRUE(seen.emplace(pair.position, pair.fault).second);
      EXPECT_EQ((pair.fault - s.strata()[h].first_fault) % s.strata()[h].stride, 0U);
      EXPECT_LT((pair.fault - s.strata()[h].first_fault) / s.strata()[h].stride,
                s.strata()[h].num_faults);
    }
  }
}

TEST(StratifiedSequence, MeetsAllItsImagesBeforeAnyAgainAndFindsTheNextOfAnImage) {
  const StratifiedSequence s = sequence();
  for (const std::size_t h : {2U, 3U}) {
    const Stratum& stratum = s.strata()[h];
    std::set<std::uint32_t> images;
    for (std::uint64_t i = 0; i < stratum.num_images; ++i) images.insert(s.at(h, i).position);
    EXPECT_EQ(images.size(), stratum.num_images);
    EXPECT_EQ(*images.begin(), stratum.first_position);
    EXPECT_EQ(*images.rbegin(), stratum.first_position + stratum.num_images - 1);
    for (const std::uint32_t position : images) {
      const std::uint64_t index = s.next_index(h, 10, position);
      EXPECT_EQ(s.at(h, index).position, position);
      EXPECT_LT(index, 10U + stratum.num_images);
      EXPECT_GE(index, 10U);
    }
  }
}

TEST(StratifiedSequence, DependsOnTheSeedAlone) {
  const StratifiedSequence a = sequence(1), b = sequence(1), c = sequence(2);
  int same = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(a.at(7, i).fault, b.at(7, i).fault);
    same += a.at(7, i).fault == c.at(7, i).fault;
  }
  EXPECT_LT(same, 25);
}

// Any fault of the first sweep is followed, for the same image, by any other equally often.
TEST(StratifiedSequence, DrawsPairsOfFaultsEvenly) {
  const FaultSpace space(testing::chain_network(1));
  const std::vector<Stratum> one = {{.num_faults = 5, .num_images = 1, .weight = 1}};
  std::vector<int> times(25);
  constexpr int kSeeds = 20'000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const StratifiedSequence s(one, seed);
    ++times[s.at(0, 0).fault * 5 + s.at(0, 1).fault];
  }
  for (std::size_t i = 0; i < 25; ++i) {
    const double expected = i % 6 == 0 ? 0 : kSeeds / 20.0;
    EXPECT_NEAR(times[i], expected, 6 * std::sqrt(expected));
  }
}

TEST(StratifiedSequence, CountsFollowTheSharesAndNeverFall) {
  const StratifiedSequence s = sequence();
  const std::vector<double> shares = weights_of(s);
  std::vector<std::uint64_t> before(shares.size());
  for (double length = 1; length < 1e5; length *= 1.7) {
    const std::vector<std::uint64_t> counts = s.counts(shares, length);
    for (std::size_t h = 0; h < counts.size(); ++h) {
      EXPECT_GE(counts[h], std::max<std::uint64_t>(before[h], 1));
      EXPECT_LE(counts[h], s.strata()[h].num_pairs());
      if (counts[h] < s.strata()[h].num_pairs()) {
        EXPECT_NEAR(static_cast<double>(counts[h]), length * shares[h], 1.0);
      }
    }
    before = counts;
  }
}

TEST(StratifiedSequence, CountsWithinABudgetUseItUp) {
  const StratifiedSequence s = sequence();
  const std::vector<double> shares = weights_of(s);
  for (const std::uint64_t pairs : {100U, 101U, 777U, 5'000U}) {
    const std::uint64_t reached = total(s.counts_within(shares, pairs));
    EXPECT_LE(reached, pairs);
    EXPECT_GE(reached, pairs - 8);  // Bits of a tensor have equal shares: some come due as one.
  }
  std::uint64_t all = 0;
  for (std::size_t h = 0; h < shares.size(); ++h) all += s.strata()[h].num_pairs();
  EXPECT_EQ(total(s.counts_within(shares, all)), all);
}

}  // namespace
}  // namespace deepaxe::fault
