#include "deepaxe/kernel/table/table_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"

namespace deepaxe::kernel::table {
namespace {

class TableLayerOfKind : public testing::TestWithParam<int> {};

TEST_P(TableLayerOfKind, EqualsTheReferenceOnRandomLayers) {
  Dice table_dice(static_cast<std::uint64_t>(GetParam()));
  const arith::Multiplier multiplier =
      make_test_multiplier(static_cast<TableKind>(GetParam()), table_dice);
  const arith::Multiplier* const multipliers[] = {&multiplier};
  PanelCache cache;
  for (std::uint64_t trial = 0; trial < 80; ++trial) {
    Dice dice(1000 * static_cast<std::uint64_t>(GetParam()) + trial + 17);
    const ComputingLayer layer = random_layer(dice, random_geometry(dice));
    const auto batch = static_cast<std::size_t>(dice.in(1, 9));
    const std::size_t size = batch * layer.geometry.in_size();
    const auto input =
        trial % 2 == 0 ? dice.codes(size) : dice.sparse_codes(size, layer.in_zero_point);
    expect_equal_everywhere(layer, multipliers, input, batch, cache);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, TableLayerOfKind,
                         testing::Range(0, static_cast<int>(TableKind::kNumKinds)));

TEST(TableLayer, EqualsTheReferenceForEveryLibraryCircuit) {
  std::uint64_t stream = 70'000;
  PanelCache cache;
  for (const arith::LibraryEntry& entry : arith::library()) {
    const arith::MultiplierPtr named = arith::find_multiplier(entry.name);
    const arith::Multiplier* const multipliers[] = {&named->multiplier};
    for (int trial = 0; trial < 12; ++trial) {
      Dice dice(++stream);
      const ComputingLayer layer = random_layer(dice, random_geometry(dice));
      const auto batch = static_cast<std::size_t>(dice.in(1, 9));
      const auto input = dice.codes(batch * layer.geometry.in_size());
      expect_equal_everywhere(layer, multipliers, input, batch, cache);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(TableLayer, EqualsTheReferenceWithOneMultiplierPerOutputChannel) {
  Dice table_dice(99);
  std::vector<arith::Multiplier> pool;
  pool.reserve(4);
  for (int i = 0; i < 4; ++i) {
    pool.push_back(make_test_multiplier(TableKind::kRandom, table_dice));
  }
  PanelCache cache;
  for (std::uint64_t trial = 0; trial < 80; ++trial) {
    Dice dice(5000 + trial);
    const ComputingLayer layer = random_layer(dice, random_geometry(dice));
    std::vector<const arith::Multiplier*> multipliers;
    multipliers.reserve(static_cast<std::size_t>(layer.geometry.out_c));
    for (int o = 0; o < layer.geometry.out_c; ++o) {
      multipliers.push_back(&pool[static_cast<std::size_t>(dice.in(0, 3))]);
    }
    const auto batch = static_cast<std::size_t>(dice.in(1, 9));
    expect_equal_everywhere(layer, multipliers, dice.codes(batch * layer.geometry.in_size()), batch,
                            cache);
    if (HasFatalFailure()) return;
  }
}

// Deeper than one block of k, wider than one panel, more rows than one chunk.
class TableLayerAtSeams : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Tables, TableLayerAtSeams,
                         testing::Range(0, static_cast<int>(TableKind::kNumKinds)));

TEST_P(TableLayerAtSeams, EqualsTheReference) {
  Dice dice(7);
  const arith::Multiplier multiplier =
      make_test_multiplier(static_cast<TableKind>(GetParam()), dice);
  const arith::Multiplier* const multipliers[] = {&multiplier};
  const ConvGeometry deep = {.in_h = 4,
                             .in_w = 4,
                             .in_c = 13,
                             .out_h = 4,
                             .out_w = 4,
                             .out_c = 187,
                             .kernel_h = 3,
                             .kernel_w = 3,
                             .pad_top = 1,
                             .pad_left = 1};
  PanelCache cache;
  const ComputingLayer layer = random_layer(dice, deep);
  expect_equal_everywhere(layer, multipliers, dice.codes(3 * deep.in_size()), 3, cache);
  const ConvGeometry flat = {
      .in_h = 50, .in_w = 50, .in_c = 2, .out_h = 50, .out_w = 50, .out_c = 6};
  expect_equal_everywhere(random_layer(dice, flat), multipliers, dice.codes(5 * flat.in_size()), 5,
                          cache);
}

// Products that are `above` more than exact, and with activation 3 `below` less.
arith::Multiplier with_errors(int above, int below) {
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      const auto place =
          arith::Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      products[place] = static_cast<std::int16_t>(a * b + (a == 3 ? -below : above));
    }
  }
  return arith::Multiplier(std::move(products));
}

// Down to one error that fits 16 bits alone, and one more than fit.
TEST(TableLayer, EqualsTheReferenceWithErrorsAtTheLimitOf16Bits) {
  struct Limit {
    int above, below, safe_depth;
  };
  for (const Limit limit : {Limit{8'000, 8'000, 2}, Limit{5'461, 5'461, 3},
                            Limit{16'383, 16'384, 1}, Limit{-16'384, -16'384, 0}}) {
    Dice dice(12);
    const arith::Multiplier multiplier = with_errors(limit.above, limit.below);
    const arith::Multiplier* const multipliers[] = {&multiplier};
    ComputingLayer layer = random_layer(dice, {.in_c = 60, .out_c = 70});
    layer.in_zero_point = 3;
    PanelCache cache;
    const TableLayer table(layer, cache,
                           {.loops = hot_loops(active_isa()), .path = Path::kErrors, .sizes = {}});
    const Choice choice = table.explain(multipliers, 9);
    EXPECT_EQ(choice.path == Path::kErrors, limit.safe_depth > 0);
    EXPECT_EQ(choice.safe_depth, limit.safe_depth);
    const auto input = dice.codes(9 * layer.geometry.in_size());
    expect_equal_everywhere(layer, multipliers, input, 9, cache);
    if (HasFatalFailure()) return;
  }
}

TEST(TableLayer, ServesSeveralMultipliersAndThreadsAtOnce) {
  Dice dice(8);
  const ComputingLayer layer = random_layer(dice, {.in_h = 8,
                                                   .in_w = 8,
                                                   .in_c = 3,
                                                   .out_h = 6,
                                                   .out_w = 6,
                                                   .out_c = 9,
                                                   .kernel_h = 3,
                                                   .kernel_w = 3});
  const auto input = dice.codes(layer.geometry.in_size());
  std::vector<arith::Multiplier> pool;
  std::vector<Results> expected;
  for (int i = 0; i < 3; ++i) {
    pool.push_back(make_test_multiplier(TableKind::kRandom, dice));
    const arith::Multiplier* const multipliers[] = {&pool.back()};
    expected.push_back(run_reference(layer, multipliers, input, 1));
  }
  PanelCache cache(1 << 20);  // Room for one panel or two.
  const TableLayer table(layer, cache);
  base::parallel_for(300, 4, [&](std::size_t index, int) {
    const arith::Multiplier* const multipliers[] = {&pool[index % 3]};
    ASSERT_EQ(run_table(table, layer.geometry.out_size(), multipliers, input, 1),
              expected[index % 3]);
  });
}

// What the tests above compare would be worth little if it were always the same few loops.
TEST(TableLayer, EveryStrategyIsChosenForSomeLayer) {
  PanelCache cache;
  for (const Isa isa : available_isas()) {
    std::set<std::string_view> chosen;
    for (int kind = 0; kind < static_cast<int>(TableKind::kNumKinds) + 1; ++kind) {
      Dice dice(static_cast<std::uint64_t>(kind));
      const arith::Multiplier multiplier =
          kind == static_cast<int>(TableKind::kNumKinds)
              ? arith::find_multiplier("1KVP")->multiplier
              : make_test_multiplier(static_cast<TableKind>(kind), dice);
      const arith::Multiplier* const multipliers[] = {&multiplier};
      for (int trial = 0; trial < 40; ++trial) {
        const ComputingLayer layer = random_layer(dice, random_geometry(dice));
        const TableLayer table(layer, cache, {.loops = hot_loops(isa), .path = {}, .sizes = {}});
        chosen.insert(table.explain(multipliers, 1).strategy);
        chosen.insert(table.explain(multipliers, 4096).strategy);
      }
    }
    for (const char* always : {"panels of products, kept", "table rows", "single look-ups",
                               "channel by channel", "exact product and panels of errors"}) {
      EXPECT_TRUE(chosen.contains(always)) << isa_name(isa) << ": " << always;
    }
    const bool has_bytes = hot_loops(isa).bytes.multiply != nullptr;
    const bool has_narrow = hot_loops(isa).bytes.multiply_narrow != nullptr;
    EXPECT_EQ(chosen.contains("matrix product of bytes"), has_bytes) << isa_name(isa);
    EXPECT_EQ(chosen.contains("matrix products of int16 and of bytes"), has_narrow)
        << isa_name(isa);
    EXPECT_TRUE(has_bytes || chosen.contains("matrix product of int16")) << isa_name(isa);
  }
}

// A long sum of products of functions takes longer than errors where there are few of them and many
// windows to use their rows.
TEST(TableLayer, ChoosesErrorsOfSparseActivations) {
  Dice dice(10);
  const ComputingLayer layer = random_layer(dice, {.in_c = 64, .out_c = 40});
  const arith::MultiplierPtr longer = arith::find_multiplier("1KV9");
  const arith::Multiplier exact = arith::Multiplier::exact();
  PanelCache cache;
  const TableLayer table(layer, cache,
                         {.loops = hot_loops(Isa::kBaseline), .path = {}, .sizes = {}});
  const arith::Multiplier* const of_four[] = {&longer->multiplier};
  EXPECT_EQ(table.explain(of_four, 512).path, Path::kFactors);
  EXPECT_EQ(table.explain(of_four, 512).sparse_strategy, "exact product and panels of errors");
  EXPECT_EQ(table.explain(of_four, 1).sparse_strategy, table.explain(of_four, 1).strategy);
  const arith::Multiplier* const of_one[] = {&exact};
  EXPECT_EQ(table.explain(of_one, 512).sparse_strategy, table.explain(of_one, 512).strategy);
}

// 64 windows an image, so 576 for 9; 700 codes an image.
ComputingLayer layer_of_many_windows(Dice& dice) {
  return random_layer(dice, {.in_h = 10,
                             .in_w = 10,
                             .in_c = 7,
                             .out_h = 8,
                             .out_w = 8,
                             .out_c = 33,
                             .kernel_h = 3,
                             .kernel_w = 3});
}

TEST(TableLayer, EqualsTheReferenceOnSparseActivationsOfManyWindows) {
  PanelCache cache;
  for (const char* name : {"1KVP", "1KV9", "1KVA", "bam(2,7)"}) {
    Dice dice(12);
    const ComputingLayer layer = layer_of_many_windows(dice);
    const arith::MultiplierPtr named = arith::find_multiplier(name);
    const arith::Multiplier* const multipliers[] = {&named->multiplier};
    std::vector<std::int8_t> input(9 * layer.geometry.in_size(), layer.in_zero_point);
    expect_equal_everywhere(layer, multipliers, input, 9, cache);
    for (std::size_t i = 0; i < input.size(); i += 4) input[i] = dice.codes(1).front();
    expect_equal_everywhere(layer, multipliers, input, 9, cache);
    if (HasFatalFailure()) return;
  }
}

TEST(TableLayer, CountsTheZeroPointsOfItsInput) {
  Dice dice(13);
  const ComputingLayer layer = layer_of_many_windows(dice);
  const arith::MultiplierPtr longer = arith::find_multiplier("1KV9");
  const arith::Multiplier* const multipliers[] = {&longer->multiplier};
  PanelCache cache;
  const TableLayer table(layer, cache,
                         {.loops = hot_loops(Isa::kBaseline), .path = {}, .sizes = {}});
  std::vector<std::int8_t> input(9 * layer.geometry.in_size(), layer.in_zero_point);
  EXPECT_EQ(table.path_of(multipliers, input.data(), 9), Path::kErrors);
  EXPECT_EQ(table.path_of(multipliers, input.data(), 7), Path::kFactors) << "448 windows";
  const auto other = static_cast<std::int8_t>(~layer.in_zero_point);
  const std::size_t third = input.size() / 3;
  std::fill_n(input.begin(), third, other);
  EXPECT_EQ(table.path_of(multipliers, input.data(), 9), Path::kErrors) << "two thirds";
  input[third] = other;
  EXPECT_EQ(table.path_of(multipliers, input.data(), 9), Path::kFactors) << "one less";
}

TEST(TableLayer, ChoosesThePathByShapeAndRows) {
  Dice dice(9);
  const arith::Multiplier exact = arith::Multiplier::exact();
  const arith::Multiplier* const factored[] = {&exact};
  const arith::Multiplier random = make_test_multiplier(TableKind::kRandom, dice);
  const arith::Multiplier* const one[] = {&random};
  PanelCache cache;
  const ComputingLayer small =
      random_layer(dice, {.in_h = 8, .in_w = 8, .out_h = 8, .out_w = 8, .out_c = 6});
  EXPECT_EQ(TableLayer(small, cache).explain(one, 1).path, Path::kCachedPanel);
  const ComputingLayer dense = random_layer(dice, {.in_c = 64, .out_c = 40});
  EXPECT_EQ(TableLayer(dense, cache).explain(factored, 1).path, Path::kFactors);
  EXPECT_EQ(TableLayer(dense, cache).explain(one, 1).path, Path::kDirect);
  const arith::Multiplier small_errors = make_test_multiplier(TableKind::kSmallErrors, dice);
  const arith::Multiplier* const near_exact[] = {&small_errors};
  EXPECT_EQ(TableLayer(dense, cache).explain(near_exact, 1).path, Path::kDirect);
  EXPECT_EQ(TableLayer(dense, cache).explain(near_exact, 64).path, Path::kErrors);
  EXPECT_EQ(TableLayer(dense, cache).explain(one, 4096).path, Path::kScratchPanel);
  const ComputingLayer depthwise = random_layer(
      dice, {.in_h = 8, .in_w = 8, .in_c = 4, .out_h = 8, .out_w = 8, .out_c = 4, .groups = 4});
  EXPECT_EQ(TableLayer(depthwise, cache).explain(factored, 64).path, Path::kFactors);
  EXPECT_EQ(TableLayer(depthwise, cache).explain(one, 64).path, Path::kColumns);
}

}  // namespace
}  // namespace deepaxe::kernel::table
