// Pointwise functions from int8 codes to int8 codes, as tables of 256 codes. Normative; rounding of
// each as in LiteRT's reference kernels, checked against its tensors.
#pragma once

#include <array>
#include <cstdint>

#include "deepaxe/quant/params.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::quant {

/// result = table[bit pattern of the code].
using CodeTable = std::array<std::int8_t, 256>;

/// From one scale and zero point to another, with another factor below the zero point and a clamp:
/// TFLite's RELU, RELU6, LEAKY_RELU and int8 QUANTIZE. Rounded twice.
struct Rescale {
  std::int32_t zero_point = 0, out_zero_point = 0;
  RequantScale scale = {}, negative_scale = {};
  bool negates = false;  ///< The slope below the zero point is negative.
  std::int32_t clamp_low = -128, clamp_high = 127;

  std::int8_t operator()(std::int8_t code) const noexcept;
};

/// QUANTIZE of int8: the quotient of the scales in double.
Rescale make_rescale(const QuantParams& in, const QuantParams& out);
/// RELU, RELU6 and LEAKY_RELU: the quotients in float, as their kernels compute them.
/// Both throw std::invalid_argument for scales so far apart that no integer factor fits.
Rescale make_leaky_rescale(const QuantParams& in, const QuantParams& out, float negative_slope);

CodeTable rescale_table(const Rescale& rescale) noexcept;
/// TANH and LOGISTIC: the real function in float, multiplied by the float inverse of the output's
/// scale, rounded to nearest, ties away from zero.
CodeTable tanh_table(const QuantParams& in, const QuantParams& out) noexcept;
CodeTable logistic_table(const QuantParams& in, const QuantParams& out) noexcept;
/// HARD_SWISH x * relu6(x + 3) / 6 in 16-bit fixed point. Throws std::invalid_argument where TFLite
/// has no factor for it: an input scale of 128 output scales or more.
CodeTable hard_swish_table(const QuantParams& in, const QuantParams& out);

}  // namespace deepaxe::quant
