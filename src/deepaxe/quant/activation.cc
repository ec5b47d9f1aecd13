#include "deepaxe/quant/activation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "deepaxe/quant/fixed_point.h"

namespace deepaxe::quant {
namespace {

constexpr std::int32_t kInt16Min = std::numeric_limits<std::int16_t>::min();
constexpr std::int32_t kInt16Max = std::numeric_limits<std::int16_t>::max();

std::int32_t saturate_int16(std::int32_t value) noexcept {
  return std::clamp(value, kInt16Min, kInt16Max);
}

template <typename Function>
CodeTable tabulate(Function function) {
  CodeTable table{};
  for (int code = -128; code <= 127; ++code) {
    const auto stored = static_cast<std::int8_t>(code);
    table[static_cast<std::uint8_t>(stored)] = function(stored);
  }
  return table;
}

// What is done with a real function: all steps in float.
template <typename Function>
CodeTable tabulate_real(const QuantParams& in, const QuantParams& out, Function function) {
  const float inverse_scale = 1.0F / out.scale;
  return tabulate([&](std::int8_t code) {
    const float real = in.scale * static_cast<float>(code - in.zero_point);
    const float rounded =
        std::round(function(real) * inverse_scale) + static_cast<float>(out.zero_point);
    return static_cast<std::int8_t>(std::clamp(rounded, -128.0F, 127.0F));
  });
}

// A factor as a 16-bit mantissa and an exponent: factor = mantissa * 2^(exponent - 15).
struct Factor16 {
  std::int32_t mantissa = 0;
  int exponent = 0;
};

Factor16 make_factor16(float factor) {
  const RequantScale scale = make_requant_scale(double{factor});
  constexpr std::int32_t kHalf = 1 << 15;
  if (scale.mantissa >= std::numeric_limits<std::int32_t>::max() - kHalf) {
    return {.mantissa = kInt16Max, .exponent = scale.shift};
  }
  return {.mantissa = (scale.mantissa + kHalf) >> 16, .exponent = scale.shift};
}

// gemmlowp's SaturatingRoundingDoublingHighMul of 16 bits; b >= 0, so it cannot saturate. Division
// truncates.
std::int32_t rounding_high_product16(std::int32_t a, std::int32_t b) noexcept {
  const std::int32_t product = a * b;
  const std::int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return (product + nudge) / (1 << 15);
}

// gemmlowp's RoundingDivideByPOT of 16 bits, for exponent in [0, 31]: from 16 on its mask is all
// ones, and what is left is the sign, a 0 counted as positive.
std::int32_t rounding_right_shift16(std::int32_t value, int exponent) noexcept {
  if (exponent >= 16) return value < 0 ? -1 : 1;
  return rounding_right_shift(value, exponent);
}

// relu6(x + 3) / 6 in units of 2^-15, for x in units of s_in / 128.
std::int32_t gate(std::int32_t x, const Factor16& factor) noexcept {
  // The left shift saturates in two steps, so that what saturates first cannot show in the result.
  if (factor.exponent > 0) x = saturate_int16(saturating_left_shift(x, factor.exponent - 1));
  x = rounding_high_product16(x, factor.mantissa);
  if (factor.exponent > 0) x = saturate_int16(x * 2);
  if (factor.exponent < 0) x = rounding_right_shift16(x, -factor.exponent);
  return (x + (1 << 15)) >> 1;
}

}  // namespace

std::int8_t Rescale::operator()(std::int8_t code) const noexcept {
  const std::int32_t difference = code - zero_point;
  const bool below = difference < 0;
  return requantize_to_code(below && negates ? -difference : difference,
                            below ? negative_scale : scale, Rounding::kDouble, out_zero_point,
                            clamp_low, clamp_high);
}

Rescale make_rescale(const QuantParams& in, const QuantParams& out) {
  const RequantScale scale = make_requant_scale(double{in.scale} / double{out.scale});
  return {.zero_point = in.zero_point,
          .out_zero_point = out.zero_point,
          .scale = scale,
          .negative_scale = scale};
}

Rescale make_leaky_rescale(const QuantParams& in, const QuantParams& out, float negative_slope) {
  const float negative_factor = in.scale * negative_slope / out.scale;
  return {.zero_point = in.zero_point,
          .out_zero_point = out.zero_point,
          .scale = make_requant_scale(double{in.scale / out.scale}),
          .negative_scale = make_requant_scale(double{std::abs(negative_factor)}),
          .negates = negative_factor < 0};
}

CodeTable rescale_table(const Rescale& rescale) noexcept { return tabulate(rescale); }

CodeTable tanh_table(const QuantParams& in, const QuantParams& out) noexcept {
  return tabulate_real(in, out, [](float x) { return std::tanh(x); });
}

CodeTable logistic_table(const QuantParams& in, const QuantParams& out) noexcept {
  return tabulate_real(in, out, [](float x) { return 1.0F / (1.0F + std::exp(-x)); });
}

CodeTable hard_swish_table(const QuantParams& in, const QuantParams& out) {
  const float fine_scale = in.scale / 128.0F;
  const Factor16 out_factor = make_factor16(fine_scale / out.scale);
  const Factor16 gate_factor = make_factor16(fine_scale / (3.0F / 32768.0F));
  if (out_factor.exponent > 0) {
    throw std::invalid_argument("hard swish from scale " + std::to_string(in.scale) + " to " +
                                std::to_string(out.scale) +
                                ", expected less than 128 times the output's scale");
  }
  return tabulate([&](std::int8_t code) {
    const std::int32_t x = (code - in.zero_point) * 128;  // 9 + 7 bits.
    const std::int32_t scaled = rounding_high_product16(x, out_factor.mantissa);
    // SQDMULH: truncated, unlike the other products.
    const std::int32_t product = gate(x, gate_factor) * scaled / (1 << 15);
    const std::int32_t shifted =
        rounding_right_shift16(product, -out_factor.exponent) + out.zero_point;
    return static_cast<std::int8_t>(std::clamp(shifted, -128, 127));
  });
}

}  // namespace deepaxe::quant
