// Requantization: an int32 accumulator to an int8 code, in integers only.
// Source: TFLite reference kernels (MultiplyByQuantizedMultiplier) and gemmlowp fixedpoint.h;
// docs/arithmetic.md derives both roundings.
#pragma once

#include <cstdint>

namespace deepaxe::quant {

/// Where the product of accumulator and mantissa is rounded.
enum class Rounding {
  kSingle,  ///< (acc * mantissa + 2^(30 - shift)) >> (31 - shift), once, in 64 bits.
  kDouble,  ///< gemmlowp: rounding doubling high multiply, then rounding right shift.
};

/// A real factor as mantissa * 2^(shift - 31), mantissa in [2^30, 2^31) or 0.
struct RequantScale {
  std::int32_t mantissa = 0;
  int shift = 0;  ///< Positive: to the left. In [-31, 30].

  bool operator==(const RequantScale&) const = default;
};

/// The nearest RequantScale of a factor >= 0; factors below 2^-32 become 0, as in TFLite.
/// Throws std::invalid_argument for negative, infinite or NaN factors and those that round to 2^30
/// or more.
RequantScale make_requant_scale(double factor);

/// acc * scale, rounded; saturates to int32. Normative; checked against LiteRT's tensors.
std::int32_t requantize(std::int32_t acc, RequantScale scale, Rounding rounding) noexcept;

/// requantize, plus the zero point, clamped to [low, high].
std::int8_t requantize_to_code(std::int32_t acc, RequantScale scale, Rounding rounding,
                               std::int32_t zero_point, std::int32_t low,
                               std::int32_t high) noexcept;

}  // namespace deepaxe::quant
