// requantizer.v in Icarus Verilog against quant::requantize_to_code.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/base/seed_for_test.h"
#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/requantizer_shape.h"
#include "deepaxe/hw/verilog/requantizer_bench_for_test.h"

namespace deepaxe::hw::verilog {
namespace {

using quant::RequantScale;
using quant::Rounding;

std::string describe(const RequantizerCase& c) {
  return fmt::format(
      "{}, sum {}, bias {}, total {}, shift {} bits, largest shift {}, interval {}, zero point {}, "
      "bounds {} and {}",
      c.rounding == Rounding::kDouble ? "twice" : "once", c.sum_bits, c.bias_bits, c.total_bits,
      c.shift_bits, c.max_shift, c.interval, c.zero_point, c.low, c.high);
}

void expect_normative_codes(const std::vector<RequantizerCase>& cases) {
  const std::vector<std::vector<int>> codes = simulated_codes(cases);
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const RequantizerCase& c = cases[k];
    const std::vector<int> expected = c.expected_codes();
    ASSERT_EQ(codes[k].size(), expected.size()) << describe(c);
    const auto [at, wanted] = std::ranges::mismatch(codes[k], expected);
    if (at == codes[k].end()) continue;
    const auto i = static_cast<std::size_t>(at - codes[k].begin());
    ADD_FAILURE() << *at << " instead of " << *wanted << " of sum " << c.sums[i] << " and bias "
                  << c.biases[c.channel(i)] << ", mantissa " << c.scales[c.channel(i)].mantissa
                  << ", shift " << c.scales[c.channel(i)].shift << ": " << describe(c);
  }
}

// Around 0 every sum, then ones of every size up to the largest; each for all channels.
std::vector<std::int32_t> edge_sums(int sum_bits, std::size_t channels) {
  std::vector<std::int32_t> once;
  for (std::int32_t sum = -300; sum <= 300; ++sum) once.push_back(sum);
  for (int bit = 9; bit < sum_bits; ++bit) {
    for (const std::int32_t offset : {-3, -1, 0, 1, 4}) {
      const std::int32_t sum = (1 << (bit - 1)) + (1 << (bit - 2)) + offset;
      once.insert(once.end(), {sum, -sum});
    }
  }
  once.insert(once.end(), {(1 << (sum_bits - 1)) - 1, -(1 << (sum_bits - 1))});
  std::vector<std::int32_t> sums;
  for (const std::int32_t sum : once) sums.insert(sums.end(), channels, sum);
  return sums;
}

// Channel c shifts by max_shift - c; mantissas are even powers (ties are hit), the least odd one,
// the largest, and one in between.
RequantizerCase edge_case(RequantizerCase c) {
  constexpr std::array kMantissas = {1 << 30, (1 << 30) + 1,
                                     std::numeric_limits<std::int32_t>::max(), 1'518'500'249};
  for (int channel = 0; channel < 1 << c.shift_bits; ++channel) {
    c.scales.push_back({.mantissa = kMantissas[static_cast<std::size_t>(channel / 2 % 4)],
                        .shift = c.max_shift - channel});
    c.biases.push_back(channel % 3 == 0 ? 0 : -5);
  }
  c.sums = edge_sums(c.sum_bits, c.scales.size());
  return c;
}

// Of every rounding: shifts around 0, to the left, and so far that few bits are left; zero points
// at either end; bounds that are closer than those of a byte, on either side of the zero point.
TEST(Requantizer, GivesTheCodesOfTheNormativeArithmeticAtItsEdges) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  std::vector<RequantizerCase> cases;
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
    const RequantizerCase plain{.rounding = rounding};
    const auto add = [&](RequantizerCase c, int max_shift) {
      c.max_shift = max_shift;
      cases.push_back(edge_case(c));
    };
    for (const int max_shift : {0, 3, 10, -1, -6, -14, -24}) add(plain, max_shift);
    add({.interval = 2, .rounding = rounding, .zero_point = -128}, -1);
    add({.interval = 31, .rounding = rounding, .zero_point = 127}, -2);
    add({.rounding = rounding, .zero_point = 5, .low = 5, .high = 60}, 1);
    add({.interval = 3, .rounding = rounding, .zero_point = 100, .low = -20, .high = 20}, 0);
  }
  expect_normative_codes(cases);
}

// Draws of one case in sequence.
class Dice {
 public:
  explicit Dice(std::uint64_t stream) : rng_(base::test_seed(), stream) {}
  int in(int low, int high) {
    return low + static_cast<int>(rng_.below(static_cast<std::uint64_t>(high - low + 1), index_++));
  }
  // Two's complement of up to so many bits, each number of bits as often; or the least or most.
  std::int32_t of_bits(int bits) {
    const int used = in(0, 5) == 0 ? bits : in(1, bits);
    const std::uint64_t count = std::uint64_t{1} << used;
    const std::uint64_t draw = in(0, 5) > 0    ? rng_.below(count, index_++)
                               : in(0, 1) == 0 ? 0
                                               : count - 1;
    return static_cast<std::int32_t>(static_cast<std::int64_t>(draw - count / 2));
  }

 private:
  base::CounterRng rng_;
  std::uint64_t index_ = 0;
};

RequantScale random_scale(Dice& dice, int low, int high) {
  if (dice.in(0, 9) == 0) return {};
  constexpr std::int32_t kLeast = 1 << 30, kMost = std::numeric_limits<std::int32_t>::max();
  const int from_end = dice.in(0, kLeast - 1) / (1 << dice.in(0, 30));
  return {.mantissa = dice.in(0, 1) == 0 ? kLeast + from_end : kMost - from_end,
          .shift = dice.in(low, high)};
}

// What a generated layer may have: sums from 16 bits on, biases of any width, x of at least the
// bits of their sum, shifts from -31 on.
RequantizerCase random_case(std::uint64_t index) {
  Dice dice(index);
  constexpr std::array kIntervals = {31, 16, 11, 8, 6, 4, 3, 2, 1};
  RequantizerCase c{.sum_bits = dice.in(16, 32), .bias_bits = dice.in(1, 32)};
  if (dice.in(0, 3) == 0) c.bias_bits = c.sum_bits;
  const design::RequantizerShape shape{.sum_bits = c.sum_bits, .bias_bits = c.bias_bits};
  c.total_bits = dice.in(0, 3) == 0 ? dice.in(shape.total_bits(), 32) : shape.total_bits();
  c.interval = kIntervals[static_cast<std::size_t>(dice.in(0, 8))];
  c.rounding = dice.in(0, 1) == 0 ? Rounding::kSingle : Rounding::kDouble;
  c.zero_point = dice.in(-128, 127);
  c.low = dice.in(0, 1) == 0 ? -128 : dice.in(-128, 127);
  c.high = dice.in(c.low, 127);
  const int most = dice.in(-28, 12), least = std::max(-31, most - dice.in(0, 40));
  for (int channel = dice.in(1, 12); channel > 0; --channel) {
    c.scales.push_back(random_scale(dice, least, most));
    c.biases.push_back(dice.of_bits(c.bias_bits));
  }
  const design::ChannelShifts shifts = design::channel_shifts(c.scales);
  c.max_shift = shifts.largest;
  c.shift_bits = std::min(6, shifts.bits + dice.in(0, 1));
  for (int i = 0; i < 300; ++i) c.sums.push_back(dice.of_bits(c.sum_bits));
  return c;
}

TEST(Requantizer, GivesTheCodesOfTheNormativeArithmeticInRandomSettings) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  std::vector<RequantizerCase> cases;
  for (std::uint64_t i = 0; i < 120; ++i) cases.push_back(random_case(i));
  expect_normative_codes(cases);
}

// So that the settings above are not all alike.
TEST(Requantizer, RandomSettingsHaveEveryWidth) {
  std::set<int> sums, totals, shifts;
  int wider_biases = 0, wrapping = 0;
  for (std::uint64_t i = 0; i < 120; ++i) {
    const RequantizerCase c = random_case(i);
    sums.insert(c.sum_bits);
    totals.insert(c.total_bits);
    shifts.insert(c.shift_bits);
    wider_biases += c.bias_bits > c.sum_bits ? 1 : 0;
    wrapping += std::max(c.bias_bits, c.sum_bits) == 32 ? 1 : 0;
  }
  EXPECT_GE(sums.size(), 12);
  EXPECT_GE(totals.size(), 10);
  EXPECT_GE(shifts.size(), 5);
  EXPECT_GE(wider_biases, 10);
  EXPECT_GE(wrapping, 5);
}

}  // namespace
}  // namespace deepaxe::hw::verilog
