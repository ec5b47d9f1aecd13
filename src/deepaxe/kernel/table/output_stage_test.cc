#include "deepaxe/kernel/table/output_stage.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kRows = 24;

// Every shift that scales below 1 have, with mantissas at both ends and 0.
ComputingLayer layer_of_extreme_scales(Dice& dice, int out_c, int groups) {
  constexpr std::array kMantissas = {0, 1 << 30, INT32_MAX};
  ComputingLayer layer;
  layer.geometry.out_c = out_c;
  layer.geometry.groups = groups;
  for (int o = 0; o < out_c; ++o) {
    layer.folded_bias.push_back(dice.in(INT32_MIN / 2, INT32_MAX / 2));
    layer.scales.push_back({.mantissa = kMantissas[static_cast<std::size_t>(dice.in(0, 2))],
                            .shift = dice.in(-31, 0)});
  }
  layer.rounding = dice.in(0, 1) == 0 ? quant::Rounding::kSingle : quant::Rounding::kDouble;
  layer.out_zero_point = dice.code();
  return layer;
}

std::uint32_t extreme_sum(Dice& dice) {
  constexpr std::array kSums = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX};
  const bool is_extreme = dice.in(0, 1) == 0;
  return static_cast<std::uint32_t>(is_extreme ? kSums[static_cast<std::size_t>(dice.in(0, 5))]
                                               : dice.in(INT32_MIN, INT32_MAX));
}

TEST(OutputStage, GivesTheNormativeCodesAtTheEndsOfScalesAndSums) {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    Dice dice(trial + 31);
    const int groups = dice.in(1, 3);
    const int out_c = groups * dice.in(1, 23);
    const ComputingLayer layer = layer_of_extreme_scales(dice, out_c, groups);
    for (const HotLoops* loops : all_loops()) {
      const OutputStage stage(layer, *loops);
      std::vector<std::uint32_t> sums(kRows * stage.stride());
      for (std::uint32_t& sum : sums) sum = extreme_sum(dice);
      const auto channels = static_cast<std::size_t>(out_c);
      std::vector<std::int8_t> codes(kRows * channels);
      stage.to_codes(sums.data(), kRows, codes.data());
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::size_t o = i % channels;
        const std::uint32_t sum = sums[i / channels * stage.stride() + stage.index(o)] +
                                  static_cast<std::uint32_t>(layer.folded_bias[o]);
        ASSERT_EQ(codes[i], quant::requantize_to_code(
                                static_cast<std::int32_t>(sum), layer.scales[o], layer.rounding,
                                layer.out_zero_point, layer.clamp_low, layer.clamp_high))
            << loops->compiled_for << " sum " << static_cast<std::int32_t>(sum) << " shift "
            << layer.scales[o].shift << " mantissa " << layer.scales[o].mantissa;
      }
    }
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table
