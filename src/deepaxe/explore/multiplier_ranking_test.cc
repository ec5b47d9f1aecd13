#include "deepaxe/explore/multiplier_ranking.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace deepaxe::explore {
namespace {

std::vector<RankedMultiplier> rank(bool families, ErrorMeasure error, CostMeasure cost) {
  return rank_multipliers(listed_multipliers(families), error, cost);
}

bool is_worse(const RankedMultiplier& a, const RankedMultiplier& b) {
  const double cost_a = a.cost.value_or(0), cost_b = b.cost.value_or(0);
  return a.error >= b.error && cost_a >= cost_b && (a.error > b.error || cost_a > cost_b);
}

TEST(MultiplierRanking, TheFrontIsWhatNoOtherCircuitIsBetterThan) {
  for (const ErrorMeasure error :
       {ErrorMeasure::kMae, ErrorMeasure::kWce, ErrorMeasure::kMre, ErrorMeasure::kEp}) {
    const std::vector<RankedMultiplier> ranked = rank(false, error, CostMeasure::kArea);
    for (const RankedMultiplier& one : ranked) {
      bool is_beaten = false;
      for (const RankedMultiplier& other : ranked) is_beaten |= is_worse(one, other);
      EXPECT_EQ(one.on_front, !is_beaten) << one.multiplier->name;
      EXPECT_EQ(one.dominated_by.empty(), one.on_front) << one.multiplier->name;
    }
  }
}

TEST(MultiplierRanking, ADominatedCircuitNamesOneOfTheFrontThatIsBetter) {
  const std::vector<RankedMultiplier> ranked = rank(false, ErrorMeasure::kMae, CostMeasure::kPower);
  for (const RankedMultiplier& one : ranked) {
    for (const RankedMultiplier& other : ranked) {
      if (other.multiplier->name != one.dominated_by) continue;
      EXPECT_TRUE(other.on_front);
      EXPECT_TRUE(is_worse(one, other));
    }
  }
}

// The point: evolved for an ASIC, or logarithmic, a circuit may cost more LUTs than `a *
// b`.
TEST(MultiplierRanking, FlagsCircuitsLargerThanTheNativeMultiplier) {
  const std::vector<RankedMultiplier> ranked = rank(true, ErrorMeasure::kMae, CostMeasure::kLut);
  std::set<std::string> flagged;
  for (const RankedMultiplier& one : ranked) {
    EXPECT_EQ(one.exceeds_native, one.luts > native_multiplier_luts());
    if (one.exceeds_native) flagged.insert(one.multiplier->name);
  }
  EXPECT_TRUE(flagged.contains("drum(8)"));  // Exact, with detectors and shifters that do nothing.
  EXPECT_FALSE(flagged.contains("1KVP"));
}

TEST(MultiplierRanking, ACircuitWithoutAPublishedFigureIsNotCompared) {
  for (const RankedMultiplier& one : rank(true, ErrorMeasure::kMae, CostMeasure::kDelay)) {
    EXPECT_EQ(one.cost.has_value(), one.multiplier->published.has_value());
    if (one.cost) continue;
    EXPECT_FALSE(one.on_front);
    EXPECT_TRUE(one.dominated_by.empty());
  }
}

TEST(ListedMultipliers, ListsNoCircuitTwiceAndLeavesNoProductsOut) {
  std::set<std::pair<std::string, std::size_t>> circuits;
  std::set<std::string> products;
  const std::vector<arith::MultiplierPtr> listed = listed_multipliers(true);
  for (const arith::MultiplierPtr& one : listed) {
    circuits.emplace(one->multiplier.identity(), arith::netlist_of(*one).gates.size());
    products.insert(one->multiplier.identity());
  }
  EXPECT_EQ(circuits.size(), listed.size());
  for (const arith::FamilyInfo& info : arith::families()) {
    for (const arith::Family& family : arith::all_members(info)) {
      const std::string name = arith::to_string(family);
      EXPECT_TRUE(products.contains(arith::find_multiplier(name)->multiplier.identity())) << name;
    }
  }
  EXPECT_EQ(listed_multipliers(false).size(), arith::library().size());
}

}  // namespace
}  // namespace deepaxe::explore
