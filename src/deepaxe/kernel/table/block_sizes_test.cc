#include "deepaxe/kernel/table/block_sizes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kProductBytesPerK = 256 * 8 * 2;  // Of the narrowest panel, of either kind.

constexpr BlockSizes kOneAtATime = {.panel_width = 8,
                                    .error_width = 8,
                                    .panel_bytes = 1,
                                    .error_panel_bytes = 1,
                                    .panel_rows = 1,
                                    .chunk_bytes = 1,
                                    .list_bytes = 1,
                                    .long_run = 1,
                                    .narrow_quads = 1};
constexpr BlockSizes kOdd = {.panel_width = 16,
                             .error_width = 32,
                             .panel_bytes = 2 * 3 * kProductBytesPerK,
                             .error_panel_bytes = 4 * 5 * kProductBytesPerK,
                             .panel_rows = 3 * 7,
                             .chunk_bytes = 5001,
                             .list_bytes = 7001,
                             .long_run = 11,
                             .narrow_quads = 3};
constexpr BlockSizes kMixed = {.panel_width = 32,
                               .error_width = 16,
                               .panel_bytes = 4 * 7 * kProductBytesPerK,
                               .error_panel_bytes = 2 * 3 * kProductBytesPerK,
                               .panel_rows = 100,
                               .chunk_bytes = 1 << 30,
                               .list_bytes = 1 << 30,
                               .long_run = 1 << 30,
                               .narrow_quads = 2};

class BlockSizesOfKind : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Tables, BlockSizesOfKind,
                         testing::Range(0, static_cast<int>(TableKind::kNumKinds)));

TEST_P(BlockSizesOfKind, AnyOnesGiveTheSameBytes) {
  const auto kind = static_cast<std::uint64_t>(GetParam());
  Dice table_dice(kind);
  const arith::Multiplier multiplier =
      make_test_multiplier(static_cast<TableKind>(GetParam()), table_dice);
  const arith::Multiplier* const multipliers[] = {&multiplier};
  PanelCache cache;
  for (std::uint64_t trial = 0; trial < 12; ++trial) {
    Dice dice(200'000 + 1000 * kind + trial);
    const ComputingLayer layer = random_layer(dice, random_geometry(dice));
    const auto batch = static_cast<std::size_t>(dice.in(2, 9));
    const auto input = dice.codes(batch * layer.geometry.in_size());
    for (const BlockSizes& sizes : {kOneAtATime, kOdd, kMixed}) {
      expect_equal_everywhere(layer, multipliers, input, batch, cache, sizes);
      if (HasFatalFailure()) return;
    }
  }
}

// Or the test above would try whole layers in one piece, as the others do.
TEST(BlockSizes, OddOnesCutASmallLayer) {
  Dice dice(31);
  const ComputingLayer layer = random_layer(dice, {.in_c = 40, .out_c = 40});
  const arith::Multiplier multiplier = make_test_multiplier(TableKind::kSmallErrors, dice);
  const HotLoops& loops = portable_loops();
  const Window window(layer);
  const OutputStage stage(layer, loops);
  const ErrorTable errors = make_error_table(multiplier, layer.in_zero_point);
  const auto num_segments = [&](const BlockSizes& sizes) {
    std::vector<std::size_t> result;
    for (const auto& of_block :
         ErrorPanels(layer, window, stage, loops, sizes).plan(errors).segments) {
      result.push_back(of_block.size());
    }
    return result;
  };
  EXPECT_EQ(num_segments({}), (std::vector<std::size_t>{1, 1}));  // 32 and 8 outputs.
  EXPECT_EQ(num_segments(kOdd), (std::vector<std::size_t>{8, 2}));
  EXPECT_EQ(num_segments(kOneAtATime), (std::vector<std::size_t>{40, 40, 40, 40, 40}));
}

}  // namespace
}  // namespace deepaxe::kernel::table
