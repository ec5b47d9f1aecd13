#include "deepaxe/kernel/table/block_sizes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kProductBytesPerK = 256 * 8 * 2;  // Of the narrowest panel.

constexpr BlockSizes kOneAtATime = {.panel_width = 8,
                                    .error_width = 8,
                                    .panel_bytes = 1,
                                    .error_panel_bytes = 1,
                                    .panel_rows = 1,
                                    .chunk_bytes = 1,
                                    .error_chunk_bytes = 1,
                                    .long_run = 1,
                                    .narrow_quads = 1};
constexpr BlockSizes kOdd = {.panel_width = 16,
                             .error_width = 32,
                             .panel_bytes = 2 * 3 * kProductBytesPerK,
                             .error_panel_bytes = 3001,
                             .panel_rows = 3 * 7,
                             .chunk_bytes = 5001,
                             .error_chunk_bytes = 7001,
                             .long_run = 11,
                             .narrow_quads = 3};
constexpr BlockSizes kMixed = {.panel_width = 32,
                               .error_width = 16,
                               .panel_bytes = 4 * 7 * kProductBytesPerK,
                               .error_panel_bytes = 20'011,
                               .panel_rows = 100,
                               .chunk_bytes = 1 << 30,
                               .error_chunk_bytes = 1 << 30,
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

int num_added_parts = 0;

void count_and_add(const RowLists& lists, const ErrorPart& part, const Sums& sums) {
  ++num_added_parts;
  portable_loops().add_error_panel(lists, part, sums);
}

// Or the test above would try whole layers in one piece, as the others do.
TEST(BlockSizes, OddOnesCutASmallLayer) {
  Dice dice(31);
  const ComputingLayer layer = random_layer(dice, {.in_c = 40, .out_c = 40});
  const arith::Multiplier multiplier = make_test_multiplier(TableKind::kSmallErrors, dice);
  const arith::Multiplier* const multipliers[] = {&multiplier};
  const std::size_t batch = 9;
  const auto input = dice.codes(batch * layer.geometry.in_size());
  const int unit = portable_loops().error_unit;
  ASSERT_EQ(unit, 8);
  HotLoops counting = portable_loops();
  counting.add_error_panel = count_and_add;
  const auto num_parts = [&](const BlockSizes& sizes) {
    PanelCache cache;
    num_added_parts = 0;
    const TableLayer table(layer, cache,
                           {.loops = counting, .path = Path::kErrors, .sizes = sizes});
    std::vector<std::int32_t> sums(batch * layer.geometry.out_size());
    table.accumulate(multipliers, input.data(), static_cast<int>(batch), sums.data());
    return num_added_parts;
  };
  EXPECT_EQ(num_parts({}), 1);
  // Each image alone: one row of a panel for each k but those whose code is the zero point.
  const int num_blocks = layer.geometry.out_c / unit;
  EXPECT_EQ(num_parts(kOneAtATime), static_cast<int>(batch) * num_blocks * 40);
  EXPECT_GT(num_parts(kOdd), 4);
}

}  // namespace
}  // namespace deepaxe::kernel::table
