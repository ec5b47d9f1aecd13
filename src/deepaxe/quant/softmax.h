// Softmax over a row of int8 codes, in integers. Normative.
// Source: TFLite's reference kernel and the exponential and reciprocal of gemmlowp fixedpoint.h.
#pragma once

#include <cstdint>
#include <span>

namespace deepaxe::quant {

/// exp(in_scale * (code - largest code)) as fixed point; differences below `lowest_difference`
/// count as nothing.
struct SoftmaxScale {
  std::int32_t mantissa = 0;
  int left_shift = 0;
  std::int32_t lowest_difference = 0;

  bool operator==(const SoftmaxScale&) const = default;
};

/// in_scale > 0; the output's scale is 1/256 and its zero point -128, as TFLite fixes them.
SoftmaxScale make_softmax_scale(float in_scale) noexcept;

/// Of one row; both spans of its length, which is at least 1.
void softmax(const SoftmaxScale& scale, std::span<const std::int8_t> input,
             std::span<std::int8_t> output) noexcept;

}  // namespace deepaxe::quant
