// Fixed-point steps of gemmlowp that several operators share. Source: gemmlowp fixedpoint.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace deepaxe::quant {

constexpr std::int32_t saturate_int32(std::int64_t value) noexcept {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(
      value, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

/// SaturatingRoundingDoublingHighMul: a * b / 2^31 to nearest, ties towards plus infinity (its
/// sign-dependent nudge and truncating division amount to that). Saturates for a = b = -2^31.
constexpr std::int32_t rounding_high_product(std::int32_t a, std::int32_t b) noexcept {
  return saturate_int32((std::int64_t{a} * b + (std::int64_t{1} << 30)) >> 31);
}

/// RoundingDivideByPOT: value / 2^exponent to nearest, ties away from zero. exponent in [0, 31].
constexpr std::int32_t rounding_right_shift(std::int32_t value, int exponent) noexcept {
  const std::int64_t wide = value;
  const std::int64_t mask = (std::int64_t{1} << exponent) - 1;
  const std::int64_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return static_cast<std::int32_t>((wide >> exponent) + ((wide & mask) > threshold ? 1 : 0));
}

/// value * 2^exponent, saturated. exponent in [0, 31].
constexpr std::int32_t saturating_left_shift(std::int32_t value, int exponent) noexcept {
  return saturate_int32(std::int64_t{value} * (std::int64_t{1} << exponent));
}

}  // namespace deepaxe::quant
