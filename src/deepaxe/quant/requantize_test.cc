#include "deepaxe/quant/requantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::quant {
namespace {

__extension__ using Int128 = __int128;  // Wide enough for every exact value below.

constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

std::int32_t saturate(Int128 value) {
  return static_cast<std::int32_t>(value < kMin ? Int128{kMin}
                                                : (value > kMax ? Int128{kMax} : value));
}

// floor(value / 2^shift + 1/2): ties towards plus infinity.
Int128 round_half_up(Int128 value, int shift) {
  const Int128 divisor = Int128{1} << shift;
  const Int128 sum = value + divisor / 2;
  return sum >= 0 ? sum / divisor : -((-sum + divisor - 1) / divisor);
}

// Sign and magnitude: ties away from zero.
Int128 round_half_away(Int128 value, int shift) {
  const Int128 divisor = Int128{1} << shift;
  const Int128 magnitude = ((value < 0 ? -value : value) + divisor / 2) / divisor;
  return value < 0 ? -magnitude : magnitude;
}

std::int32_t expected_single(std::int32_t acc, RequantScale scale) {
  return saturate(round_half_up(Int128{acc} * scale.mantissa, 31 - scale.shift));
}

std::int32_t expected_double(std::int32_t acc, RequantScale scale) {
  const int left = scale.shift > 0 ? scale.shift : 0;
  const int right = scale.shift > 0 ? 0 : -scale.shift;
  const Int128 shifted = saturate(Int128{acc} * (Int128{1} << left));
  const Int128 high = round_half_up(shifted * scale.mantissa, 31);
  return saturate(round_half_away(high, right));
}

std::vector<std::int32_t> interesting_accumulators() {
  std::vector<std::int32_t> values = {kMin, kMin + 1, -1, 0, 1, kMax - 1, kMax};
  for (int bit = 0; bit < 31; ++bit) {
    const std::int32_t power = std::int32_t{1} << bit;
    values.insert(values.end(), {power, -power, power - 1, power + (bit < 30 ? 1 : 0), 1 - power});
  }
  return values;
}

std::vector<RequantScale> interesting_scales() {
  std::vector<RequantScale> scales = {RequantScale{}};
  for (int shift = -31; shift <= 30; ++shift) {
    for (const std::int32_t mantissa : {1 << 30, (1 << 30) + 1, 3 << 29, kMax - 1, kMax}) {
      scales.push_back({.mantissa = mantissa, .shift = shift});
    }
  }
  return scales;
}

TEST(Requantize, EqualsTheExactRationalRoundedOnceOrTwiceAtTheCorners) {
  for (const RequantScale scale : interesting_scales()) {
    for (const std::int32_t acc : interesting_accumulators()) {
      ASSERT_EQ(requantize(acc, scale, Rounding::kSingle), expected_single(acc, scale))
          << acc << " * " << scale.mantissa << " shift " << scale.shift;
      ASSERT_EQ(requantize(acc, scale, Rounding::kDouble), expected_double(acc, scale))
          << acc << " * " << scale.mantissa << " shift " << scale.shift;
    }
  }
}

TEST(Requantize, EqualsTheExactRationalRoundedOnceOrTwiceAtRandom) {
  const base::CounterRng rng(20230405);
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    const auto words = rng.words(i);
    const std::int32_t acc = static_cast<std::int32_t>(words[0]) >> (words[3] % 31);
    const RequantScale scale{.mantissa = static_cast<std::int32_t>((words[1] >> 2) | (1U << 30)),
                             .shift = static_cast<int>(words[2] % 62) - 31};
    ASSERT_EQ(requantize(acc, scale, Rounding::kSingle), expected_single(acc, scale));
    ASSERT_EQ(requantize(acc, scale, Rounding::kDouble), expected_double(acc, scale));
  }
}

// Once, and in the high product: towards plus infinity. In the right shift: away from zero.
TEST(Requantize, BreaksTiesAsDocumented) {
  const RequantScale half{.mantissa = 1 << 30, .shift = 0};
  EXPECT_EQ(requantize(3, half, Rounding::kSingle), 2);
  EXPECT_EQ(requantize(-3, half, Rounding::kSingle), -1);
  EXPECT_EQ(requantize(-3, half, Rounding::kDouble), -1);
  const RequantScale quarter{.mantissa = 1 << 30, .shift = -1};
  EXPECT_EQ(requantize(-6, quarter, Rounding::kSingle), -1);
  EXPECT_EQ(requantize(-6, quarter, Rounding::kDouble), -2);
}

TEST(Requantize, DiffersBetweenRoundingsByAtMostOne) {
  const base::CounterRng rng(7);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const auto words = rng.words(i);
    const std::int32_t acc = static_cast<std::int32_t>(words[0]) >> 8;
    const RequantScale scale{.mantissa = static_cast<std::int32_t>((words[1] >> 2) | (1U << 30)),
                             .shift = -static_cast<int>(words[2] % 20)};
    const std::int64_t once = requantize(acc, scale, Rounding::kSingle);
    ASSERT_LE(std::abs(once - requantize(acc, scale, Rounding::kDouble)), 1);
  }
}

TEST(RequantizeToCode, AddsTheZeroPointAndClampsEvenWhenSaturated) {
  const RequantScale huge{.mantissa = kMax, .shift = 30};
  EXPECT_EQ(requantize_to_code(kMax, huge, Rounding::kSingle, 127, -128, 127), 127);
  EXPECT_EQ(requantize_to_code(kMin, huge, Rounding::kDouble, -128, -5, 127), -5);
  const RequantScale half{.mantissa = 1 << 30, .shift = 0};
  EXPECT_EQ(requantize_to_code(20, half, Rounding::kSingle, -3, -128, 127), 7);
}

TEST(MakeRequantScale, IsWithinHalfAnUlpOfTheFactor) {
  const base::CounterRng rng(11);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double factor =
        std::ldexp(0.5 + rng.unit(i) / 2, static_cast<int>(rng.below(61, i, 1)) - 31);
    const RequantScale scale = make_requant_scale(factor);
    ASSERT_GE(scale.mantissa, 1 << 30);
    const long double value =
        std::ldexp(static_cast<long double>(scale.mantissa), scale.shift - 31);
    ASSERT_LE(std::fabs(value - static_cast<long double>(factor)),
              std::ldexp(1.0L, scale.shift - 32));
  }
}

TEST(MakeRequantScale, IsExactForPowersOfTwo) {
  for (int exponent = -32; exponent < 30; ++exponent) {
    const RequantScale expected{.mantissa = 1 << 30, .shift = exponent + 1};
    EXPECT_EQ(make_requant_scale(std::ldexp(1.0, exponent)), expected);
  }
}

TEST(MakeRequantScale, CarriesAMantissaThatRoundsUpToOne) {
  const RequantScale one{.mantissa = 1 << 30, .shift = 1};
  EXPECT_EQ(make_requant_scale(std::nextafter(1.0, 0.0)), one);
  EXPECT_EQ(make_requant_scale(1.0), one);
}

TEST(MakeRequantScale, GivesZeroForFactorsTooSmall) {
  EXPECT_EQ(make_requant_scale(0), RequantScale{});
  EXPECT_EQ(make_requant_scale(std::ldexp(0.75, -32)), RequantScale{});
  EXPECT_NE(make_requant_scale(std::ldexp(1.0, -32)), RequantScale{});
  EXPECT_EQ(requantize(kMax, RequantScale{}, Rounding::kDouble), 0);
  EXPECT_EQ(requantize(kMin, RequantScale{}, Rounding::kSingle), 0);
}

TEST(MakeRequantScale, RejectsWhatIsNoFactor) {
  for (const double wrong :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(),
        std::ldexp(1.0, 30), std::nextafter(std::ldexp(1.0, 30), 0.0)}) {
    EXPECT_THROW(make_requant_scale(wrong), std::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace deepaxe::quant
