#include "deepaxe/quant/softmax.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "deepaxe/quant/fixed_point.h"

namespace deepaxe::quant {
namespace {

// Numbers are written Qm: raw * 2^(m - 31), m integer bits.
constexpr int kDifferenceBits = 5;  // Differences are Q5, sums of exponentials Q12.
constexpr int kSumBits = 12;
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

// exp(a) for a in [-1/4, 0), Q0 to Q0: a Taylor expansion around -1/8.
std::int32_t exp_of_quarter(std::int32_t a) noexcept {
  constexpr std::int32_t kExpOfMinusEighth = 1895147668;
  constexpr std::int32_t kOneThird = 715827883;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t x2 = rounding_high_product(x, x);
  const std::int32_t x3 = rounding_high_product(x2, x);
  const std::int32_t x4_over_4 = rounding_right_shift(rounding_high_product(x2, x2), 2);
  const std::int32_t higher =
      rounding_right_shift(rounding_high_product(x4_over_4 + x3, kOneThird) + x2, 1);
  return kExpOfMinusEighth + rounding_high_product(kExpOfMinusEighth, x + higher);
}

// exp(a) for a <= 0, Q5 to Q0: the fraction by exp_of_quarter, then one factor for each set bit.
std::int32_t exp_of_negative(std::int32_t a) noexcept {
  if (a == 0) return kMax;
  constexpr std::array<std::int32_t, 7> kExpOfMinusPower = {
      // exp(-2^i), i = -2..4, Q0.
      1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  constexpr int kQuarterBit = 31 - kDifferenceBits - 2;
  constexpr std::int32_t kQuarter = 1 << kQuarterBit;
  const std::int32_t fraction = (a & (kQuarter - 1)) - kQuarter;
  const std::int32_t rest = fraction - a;  // A multiple of 1/4, >= 0.
  std::int32_t result = exp_of_quarter(saturating_left_shift(fraction, kDifferenceBits));
  for (std::size_t i = 0; i < kExpOfMinusPower.size(); ++i) {
    if ((rest >> (kQuarterBit + static_cast<int>(i)) & 1) != 0) {
      result = rounding_high_product(result, kExpOfMinusPower[i]);
    }
  }
  return result;
}

// 1 / (1 + a) for a in [0, 1), Q0 to Q0: three steps of Newton-Raphson in Q2.
std::int32_t reciprocal_of_one_plus(std::int32_t a) noexcept {
  constexpr std::int32_t k48Over17 = 1515870810;
  constexpr std::int32_t kMinus32Over17 = -1010580540;
  constexpr std::int32_t kOne = 1 << 29;
  // Half the sum with 1 (which saturates in Q0), rounded away from zero.
  const auto half = static_cast<std::int32_t>((std::int64_t{a} + kMax + 1) / 2);
  std::int32_t x = k48Over17 + rounding_high_product(half, kMinus32Over17);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t rest = kOne - rounding_high_product(half, x);
    x += saturating_left_shift(rounding_high_product(x, rest), 2);
  }
  return saturating_left_shift(x, 1);
}

// The exponential of one code relative to the row's largest, Q0.
std::int32_t exponential(const SoftmaxScale& scale, std::int32_t difference) noexcept {
  return exp_of_negative(
      rounding_high_product(difference * (1 << scale.left_shift), scale.mantissa));
}

}  // namespace

SoftmaxScale make_softmax_scale(float in_scale) noexcept {
  const double factor =
      std::min(double{in_scale} * (1 << (31 - kDifferenceBits)), std::ldexp(1.0, 31) - 1.0);
  int shift = 0;
  const double fraction = std::frexp(factor, &shift);  // In [0.5, 1).
  auto mantissa = std::llround(std::ldexp(fraction, 31));
  if (mantissa == (1LL << 31)) {
    mantissa /= 2;
    ++shift;
  }
  shift = std::max(shift, 0);  // A factor below 1 makes all exponentials equal; undefined there.
  const double radius =
      std::floor(((1 << kDifferenceBits) - 1) * std::ldexp(1.0, 31 - kDifferenceBits - shift));
  return {.mantissa = static_cast<std::int32_t>(mantissa),
          .left_shift = shift,
          .lowest_difference = -static_cast<std::int32_t>(std::min(radius, 255.0))};
}

void softmax(const SoftmaxScale& scale, std::span<const std::int8_t> input,
             std::span<std::int8_t> output) noexcept {
  const std::int32_t largest = *std::max_element(input.begin(), input.end());
  std::int32_t sum = 0;  // Q12.
  for (const std::int8_t code : input) {
    const std::int32_t difference = code - largest;
    if (difference < scale.lowest_difference) continue;
    sum += rounding_right_shift(exponential(scale, difference), kSumBits);
  }
  const int headroom = std::countl_zero(static_cast<std::uint32_t>(sum));
  const auto fraction =
      static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (1U << 31));
  const std::int32_t inverse = reciprocal_of_one_plus(fraction);
  const int exponent = kSumBits - headroom + 31 - 8;
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::int32_t difference = input[i] - largest;
    std::int32_t code = -128;
    if (difference >= scale.lowest_difference) {
      code += rounding_right_shift(rounding_high_product(inverse, exponential(scale, difference)),
                                   exponent);
    }
    output[i] = static_cast<std::int8_t>(std::clamp(code, -128, 127));
  }
}

}  // namespace deepaxe::quant
