#include "deepaxe/kernel/table/window_layer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"

namespace deepaxe::kernel::table {
namespace {

ConvGeometry random_geometry_of_one_group(Dice& dice) {
  for (;;) {
    const ConvGeometry geometry = random_geometry(dice);
    if (geometry.groups == 1) return geometry;
  }
}

// In any order, some more than once, some not at all.
std::vector<std::uint32_t> random_positions(const ConvGeometry& g, Dice& dice) {
  std::vector<std::uint32_t> positions(static_cast<std::size_t>(dice.in(0, 70)));
  for (std::uint32_t& position : positions) {
    position = static_cast<std::uint32_t>(dice.in(0, g.out_h * g.out_w - 1));
  }
  return positions;
}

void expect_the_reference_at_positions(const ComputingLayer& layer, MultiplierSpan multipliers,
                                       Dice& dice, PanelCache& cache) {
  const auto input = dice.codes(layer.geometry.in_size());
  const std::vector<std::uint32_t> positions = random_positions(layer.geometry, dice);
  const Results whole = run_reference(layer, multipliers, input, 1);
  const auto channels = static_cast<std::size_t>(layer.geometry.out_c);
  std::vector<std::int8_t> expected;
  for (const std::uint32_t position : positions) {
    const auto codes = std::span(whole.codes).subspan(position * channels, channels);
    expected.insert(expected.end(), codes.begin(), codes.end());
  }
  for (const HotLoops* loops : all_loops()) {
    const WindowLayer windows(layer, cache, *loops);
    std::vector<std::int8_t> codes(expected.size());
    windows.convolve(*windows.prepare(multipliers), input.data(), positions, codes.data());
    ASSERT_EQ(codes, expected) << loops->compiled_for << " layer " << describe(layer);
  }
}

TEST(WindowLayer, EqualsTheReferenceAtAnyPositionsForEveryLibraryCircuit) {
  std::uint64_t stream = 170'000;
  PanelCache cache;
  for (const arith::LibraryEntry& entry : arith::library()) {
    const arith::Multiplier* const multipliers[] = {
        &arith::find_multiplier(entry.name)->multiplier};
    for (int trial = 0; trial < 12; ++trial) {
      Dice dice(++stream);
      const ComputingLayer layer = random_layer(dice, random_geometry_of_one_group(dice));
      expect_the_reference_at_positions(layer, multipliers, dice, cache);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(WindowLayer, EqualsTheReferenceForTablesOfEveryKind) {
  PanelCache cache;
  for (int kind = 0; kind < static_cast<int>(TableKind::kNumKinds); ++kind) {
    Dice table_dice(static_cast<std::uint64_t>(kind));
    const arith::Multiplier table = make_test_multiplier(static_cast<TableKind>(kind), table_dice);
    const arith::Multiplier* const multipliers[] = {&table};
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      Dice dice(180'000 + 100 * static_cast<std::uint64_t>(kind) + trial);
      const ComputingLayer layer = random_layer(dice, random_geometry_of_one_group(dice));
      expect_the_reference_at_positions(layer, multipliers, dice, cache);
      if (HasFatalFailure()) return;
    }
  }
}

// More positions than are gathered at once; channels that fill whole registers, and runs at the
// edges that do not.
TEST(WindowLayer, EqualsTheReferenceOnWideLayers) {
  const arith::Multiplier exact = arith::Multiplier::exact();
  const arith::Multiplier* const multipliers[] = {&exact};
  PanelCache cache;
  for (const int channels : {16, 32, 48, 64, 128}) {
    Dice dice(190'000 + static_cast<std::uint64_t>(channels));
    ConvGeometry g;
    g.in_h = g.in_w = g.out_h = g.out_w = 18;
    g.in_c = channels;
    g.out_c = 72;
    g.kernel_h = g.kernel_w = 3;
    g.pad_top = g.pad_left = 1;
    const ComputingLayer layer = random_layer(dice, g);
    const auto input = dice.codes(g.in_size());
    std::vector<std::uint32_t> positions(18 * 18);
    std::iota(positions.begin(), positions.end(), 0U);
    const Results whole = run_reference(layer, multipliers, input, 1);
    for (const HotLoops* loops : all_loops()) {
      const WindowLayer windows(layer, cache, *loops);
      std::vector<std::int8_t> codes(g.out_size());
      windows.convolve(*windows.prepare(multipliers), input.data(), positions, codes.data());
      ASSERT_EQ(codes, whole.codes) << loops->compiled_for << " " << channels;
    }
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table
