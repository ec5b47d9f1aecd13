#include "deepaxe/explore/design_space.h"

#include <gtest/gtest.h>

#include <set>

#include "deepaxe/base/input_error.h"
#include "deepaxe/explore/test_models.h"

namespace deepaxe::explore {
namespace {

using test::ModelBuilder;

std::vector<arith::MultiplierPtr> multipliers(const std::vector<std::string>& names) {
  std::vector<arith::MultiplierPtr> found;
  found.reserve(names.size());
  for (const std::string& name : names) found.push_back(arith::find_multiplier(name));
  return found;
}

// A chain of `count` dense layers.
model::Int8Model dense_chain(int count) {
  ModelBuilder builder(1, {3});
  for (int i = 0; i < count; ++i) builder.dense("dense" + std::to_string(i), i, 3);
  return builder.model();
}

DesignSpace make(const model::Int8Model& model, const std::vector<std::string>& names,
                 bool mixed = false) {
  DesignSpaceParams params;
  params.multipliers = multipliers(names);
  params.mixed = mixed;
  return make_design_space(model, params);
}

std::size_t num_distinct(const DesignSpace& space) {
  std::set<std::vector<std::uint16_t>> distinct;
  for (const Design& design : space.designs) distinct.insert(design.choices);
  return distinct.size();
}

// The paper's count for LeNet-5: every non-empty subset of 5 layers x 3 multipliers, and exact.
TEST(DesignSpace, FiveLayersAndThreeMultipliersGive94Designs) {
  const DesignSpace space = make(dense_chain(5), {"1KV8", "1KV9", "1KVP"});
  EXPECT_EQ(space.designs.size(), 94u);
  EXPECT_EQ(num_distinct(space), 94u);
  EXPECT_EQ(space.num_listed, 94u);
  EXPECT_TRUE(space.assignment(space.designs[0]).is_exact());
  EXPECT_TRUE(space.notes.empty());
}

TEST(DesignSpace, MixedHasMPlusOneToTheN) {
  const DesignSpace space = make(dense_chain(4), {"1KV8", "1KVP"}, true);
  EXPECT_EQ(space.designs.size(), 81u);
  EXPECT_EQ(num_distinct(space), 81u);
  EXPECT_TRUE(space.assignment(space.designs[0]).is_exact());
}

TEST(DesignSpace, SubsetsAreAPartOfMixed) {
  const auto subsets = make(dense_chain(3), {"1KV8", "1KVP"});
  const auto mixed = make(dense_chain(3), {"1KV8", "1KVP"}, true);
  std::set<std::vector<std::uint16_t>> all;
  for (const Design& design : mixed.designs) all.insert(design.choices);
  for (const Design& design : subsets.designs) EXPECT_TRUE(all.contains(design.choices));
}

TEST(DesignSpace, AMultiplierWithExactProductsIsMergedAndNoted) {
  const DesignSpace space = make(dense_chain(3), {"1KV6", "1KVP"});
  EXPECT_EQ(space.designs.size(), 8u);
  EXPECT_EQ(space.num_listed, 15u);
  ASSERT_EQ(space.notes.size(), 1u);
  EXPECT_EQ(space.notes[0], "1KV6 has the same products as exact: its designs count as exact");
  EXPECT_EQ(space.designs[0].aliases, std::vector<std::string>{"1KV6"});
}

TEST(DesignSpace, EqualProductsUnderTwoNamesAreOneDesignWithAnAlias) {
  const DesignSpace space = make(dense_chain(2), {"1KVP", "bam(1,3)"});
  EXPECT_EQ(space.designs.size(), 4u);
  EXPECT_EQ(space.designs[1].aliases, std::vector<std::string>{"bam(1,3)@01"});
}

TEST(DesignSpace, AListHasExactAndEachDistinctAssignmentOnce) {
  const model::Int8Model model = dense_chain(3);
  DesignSpaceParams params;
  for (const char* text : {"1KVP@101", "dense0=1KVP,dense2=1KVP", "1KV8", "1KV6", "exact"}) {
    params.assignments.push_back(engine::parse_assignment(text, model));
  }
  const DesignSpace space = make_design_space(model, params);
  EXPECT_EQ(space.designs.size(), 3u);
  EXPECT_EQ(space.num_listed, 6u);
}

TEST(DesignSpace, TooLargeASpaceIsRefusedByItsNumber) {
  try {
    make(dense_chain(10), {"1KV8", "1KV9", "1KVP"}, true);
    FAIL() << "accepted 4^10 designs";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("1048576 designs"), std::string::npos);
  }
  EXPECT_THROW(make(dense_chain(70), {"1KVP"}), base::InputError);
}

TEST(DesignSpace, WithoutMultipliersOnlyExactIsLeft) {
  EXPECT_EQ(make(dense_chain(3), {}).designs.size(), 1u);
  EXPECT_EQ(make(dense_chain(3), {}, true).designs.size(), 1u);
}

TEST(DesignSpace, DepthFirstOrderBeginsWithExact) {
  const DesignSpace space = make(dense_chain(4), {"1KV8", "1KVP"});
  const auto order = depth_first_order(space.designs);
  EXPECT_EQ(order.front(), 0u);
  EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), space.designs.size());
}

}  // namespace
}  // namespace deepaxe::explore
