#include "deepaxe/quant/requantize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace deepaxe::quant {
namespace {

constexpr std::int64_t kInt32Min = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

std::int32_t saturate(std::int64_t value) noexcept {
  return static_cast<std::int32_t>(std::clamp(value, kInt32Min, kInt32Max));
}

// One rounding, ties towards plus infinity. |acc * mantissa| < 2^62 and the nudge is at most 2^61:
// the sum fits.
std::int32_t requantize_single(std::int64_t acc, RequantScale scale) noexcept {
  const int total_shift = 31 - scale.shift;  // In [1, 62].
  const std::int64_t nudge = std::int64_t{1} << (total_shift - 1);
  return saturate((acc * scale.mantissa + nudge) >> total_shift);
}

// gemmlowp's SaturatingRoundingDoublingHighMul for b >= 0, where it cannot saturate: a * b / 2^31
// to nearest, ties towards plus infinity (its sign-dependent nudge and truncating division amount
// to that). |a * b| < 2^62.
std::int64_t rounding_high_product(std::int64_t a, std::int64_t b) noexcept {
  return (a * b + (std::int64_t{1} << 30)) >> 31;
}

// gemmlowp's RoundingDivideByPOT: to nearest, ties away from zero. exponent in [0, 31].
std::int64_t rounding_right_shift(std::int64_t value, int exponent) noexcept {
  const std::int64_t mask = (std::int64_t{1} << exponent) - 1;
  const std::int64_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + ((value & mask) > threshold ? 1 : 0);
}

// Two roundings. Where TFLite's left shift would overflow an int32 it is undefined there and
// saturates here; the result then is at least 2^30 in magnitude, beyond every clamp to int8.
std::int32_t requantize_double(std::int64_t acc, RequantScale scale) noexcept {
  const int left_shift = std::max(scale.shift, 0);
  const int right_shift = std::max(-scale.shift, 0);
  const std::int32_t shifted = saturate(acc * (std::int64_t{1} << left_shift));
  // The high product of an int32 and a mantissa below 2^31 is an int32.
  return static_cast<std::int32_t>(
      rounding_right_shift(rounding_high_product(shifted, scale.mantissa), right_shift));
}

}  // namespace

RequantScale make_requant_scale(double factor) {
  if (!(factor >= 0) || !std::isfinite(factor)) {
    throw std::invalid_argument("requantization factor is " + std::to_string(factor) +
                                ", expected a finite number >= 0");
  }
  if (factor == 0) {
    return {};
  }
  int shift = 0;
  const double fraction = std::frexp(factor, &shift);  // In [0.5, 1).
  auto mantissa = std::llround(std::ldexp(fraction, 31));
  if (mantissa == (1LL << 31)) {  // A fraction just below 1 rounds up to 1 = 0.5 * 2.
    mantissa /= 2;
    ++shift;
  }
  if (shift < -31) {
    return {};
  }
  if (shift > 30) {
    throw std::invalid_argument("requantization factor is " + std::to_string(factor) +
                                ", expected less than 2^30");
  }
  return {.mantissa = static_cast<std::int32_t>(mantissa), .shift = shift};
}

std::int32_t requantize(std::int32_t acc, RequantScale scale, Rounding rounding) noexcept {
  return rounding == Rounding::kSingle ? requantize_single(acc, scale)
                                       : requantize_double(acc, scale);
}

std::int8_t requantize_to_code(std::int32_t acc, RequantScale scale, Rounding rounding,
                               std::int32_t zero_point, std::int32_t low,
                               std::int32_t high) noexcept {
  // Added in 64 bits: a saturated value plus a zero point must not wrap.
  const std::int64_t code = std::int64_t{requantize(acc, scale, rounding)} + zero_point;
  return static_cast<std::int8_t>(std::clamp<std::int64_t>(code, low, high));
}

}  // namespace deepaxe::quant
