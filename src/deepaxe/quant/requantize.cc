#include "deepaxe/quant/requantize.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "deepaxe/quant/fixed_point.h"

namespace deepaxe::quant {
namespace {

// One rounding, ties towards plus infinity. |acc * mantissa| < 2^62 and the nudge is at most 2^61:
// the sum fits.
std::int32_t requantize_single(std::int64_t acc, RequantScale scale) noexcept {
  const int total_shift = 31 - scale.shift;  // In [1, 62].
  const std::int64_t nudge = std::int64_t{1} << (total_shift - 1);
  return saturate_int32((acc * scale.mantissa + nudge) >> total_shift);
}

// Two roundings. Where TFLite's left shift would overflow an int32 it is undefined there and
// saturates here; the result then is at least 2^30 in magnitude, beyond every clamp to int8.
std::int32_t requantize_double(std::int32_t acc, RequantScale scale) noexcept {
  const std::int32_t shifted = saturating_left_shift(acc, std::max(scale.shift, 0));
  return rounding_right_shift(rounding_high_product(shifted, scale.mantissa),
                              std::max(-scale.shift, 0));
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
