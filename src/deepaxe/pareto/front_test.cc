#include "deepaxe/pareto/front.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::pareto {
namespace {

using Ids = std::vector<std::size_t>;

// Values below `num_levels`: few levels give many ties and repetitions.
std::vector<double> random_rows(std::uint64_t seed, std::size_t num_points, std::size_t k,
                                std::uint64_t num_levels) {
  const base::CounterRng rng(seed);
  std::vector<double> rows(num_points * k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = static_cast<double>(rng.below(num_levels, i));
  }
  return rows;
}

// The definition: all pairs.
Ids brute_force_front(const std::vector<double>& rows, std::size_t k) {
  const auto row = [&](std::size_t i) { return std::span(rows).subspan(i * k, k); };
  return undominated(rows.size() / k,
                     [&](std::size_t a, std::size_t b) { return dominates(row(a), row(b)); });
}

TEST(Front, DominanceNeedsOneSmallerAndNoLargerObjective) {
  const std::vector<double> a = {1, 2}, b = {1, 3}, c = {0, 4};
  EXPECT_TRUE(dominates(a, b));
  EXPECT_FALSE(dominates(b, a));
  EXPECT_FALSE(dominates(a, a));
  EXPECT_FALSE(dominates(a, c));
  EXPECT_FALSE(dominates(c, a));
}

TEST(Front, EqualsAllPairsForAnyNumberOfObjectives) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t k = 1 + seed % 6;
    const std::uint64_t num_levels = seed % 3 == 0 ? 3 : seed % 3 == 1 ? 20 : 1'000'000;
    const std::vector<double> rows = random_rows(seed, 60 + 10 * seed, k, num_levels);
    EXPECT_EQ(pareto_front(rows, k), brute_force_front(rows, k)) << "seed " << seed;
  }
}

TEST(Front, DoesNotDependOnTheOrderOfPoints) {
  const std::vector<double> rows = random_rows(/*seed=*/5, 500, 3, 30);
  std::vector<double> reversed;
  for (std::size_t i = 500; i-- > 0;) {
    reversed.insert(reversed.end(), rows.begin() + static_cast<std::ptrdiff_t>(3 * i),
                    rows.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
  }
  Ids mirrored = pareto_front(reversed, 3);
  for (std::size_t& i : mirrored) i = 499 - i;
  std::reverse(mirrored.begin(), mirrored.end());
  EXPECT_EQ(mirrored, pareto_front(rows, 3));
}

TEST(Front, KeepsEveryRepetitionOfAPoint) {
  std::vector<double> rows = random_rows(/*seed=*/6, 300, 4, 10);
  const Ids once = pareto_front(rows, 4);
  rows.insert(rows.end(), rows.begin(), rows.begin() + 1200);
  Ids expected = once;
  for (const std::size_t i : once) expected.push_back(i + 300);
  EXPECT_EQ(pareto_front(rows, 4), expected);
}

TEST(Front, OfTheFrontIsTheFront) {
  const std::vector<double> rows = random_rows(/*seed=*/7, 2000, 3, 1000);
  std::vector<double> front_rows;
  for (const std::size_t i : pareto_front(rows, 3)) {
    for (std::size_t j = 0; j < 3; ++j) front_rows.push_back(rows[3 * i + j]);
  }
  EXPECT_EQ(pareto_front(front_rows, 3).size(), front_rows.size() / 3);
}

TEST(Front, OfTwoToTheSixteenPointsOnAPlaneIsAllOfThem) {
  constexpr std::size_t kNumPoints = 65'536;  // x + y + z constant: no point dominates another.
  const base::CounterRng rng(8);
  std::vector<double> rows;
  for (std::size_t i = 0; i < kNumPoints; ++i) {
    const auto x = static_cast<double>(rng.below(1 << 20, i, 0));
    const auto y = static_cast<double>(rng.below(1 << 20, i, 1));
    rows.insert(rows.end(), {x, y, -x - y});
  }
  EXPECT_EQ(pareto_front(rows, 3).size(), kNumPoints);
}

TEST(Front, OfManyPointsHasOneThatNothingDominates) {
  std::vector<double> rows = random_rows(/*seed=*/9, 65'536, 5, 1000);
  for (double& value : rows) value += 1;
  std::fill(rows.begin() + 500, rows.begin() + 505, 0.0);  // Point 100 is below all others.
  EXPECT_EQ(pareto_front(rows, 5), Ids{100});
}

TEST(Front, InfinitiesAreOrdinaryValues) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(pareto_front(std::vector<double>{kInf, kInf, 1, kInf, -kInf, 5}, 2), (Ids{2}));
  EXPECT_EQ(pareto_front(std::vector<double>{0, kInf, kInf, 0}, 2), (Ids{0, 1}));
}

TEST(Front, OfNothingIsEmpty) { EXPECT_TRUE(pareto_front({}, 3).empty()); }

TEST(Front, RejectsNaNAndRaggedRows) {
  const std::vector<double> rows = {1, 2, 3, std::nan("")};
  try {
    pareto_front(rows, 2);
    FAIL() << "accepted NaN";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "objective 1 of point 1 is NaN");
  }
  EXPECT_THROW(pareto_front(rows, 3), std::invalid_argument);
  EXPECT_THROW(pareto_front(rows, 0), std::invalid_argument);
}

// 0 beats 1, 1 beats 2, but 0 and 2 tie, as overlapping intervals do: a beaten point still beats.
TEST(Front, ARelationThatIsNotTransitiveIsAskedForAllPairs) {
  const auto beats = [](std::size_t a, std::size_t b) { return a + 1 == b; };
  EXPECT_EQ(undominated(3, beats), Ids{0});
  const auto cycle = [](std::size_t a, std::size_t b) { return (a + 1) % 3 == b; };
  EXPECT_TRUE(undominated(3, cycle).empty());
}

}  // namespace
}  // namespace deepaxe::pareto
