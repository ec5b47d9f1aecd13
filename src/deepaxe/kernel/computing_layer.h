// ComputingLayer: one convolution, depthwise convolution or dense layer as the kernels see it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::kernel {

/// Every computing layer is a grouped 2-D convolution here: dense is a 1x1 one over [1, 1, in]
/// (or over each position), depthwise is one with groups = in. All sizes of one image.
struct ConvGeometry {
  int in_h = 1, in_w = 1, in_c = 1;
  int out_h = 1, out_w = 1, out_c = 1;
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_left = 0;
  int groups = 1;

  std::size_t in_size() const noexcept {
    return static_cast<std::size_t>(in_h) * static_cast<std::size_t>(in_w) *
           static_cast<std::size_t>(in_c);
  }
  std::size_t out_size() const noexcept {
    return static_cast<std::size_t>(out_h) * static_cast<std::size_t>(out_w) *
           static_cast<std::size_t>(out_c);
  }
  /// Products per output: kernel_h * kernel_w * in_c / groups.
  std::size_t depth() const noexcept {
    return static_cast<std::size_t>(kernel_h) * static_cast<std::size_t>(kernel_w) *
           static_cast<std::size_t>(in_c / groups);
  }
};

/// Weights in the one order the kernels know: [out_c][kernel_h][kernel_w][in_c / groups] (out_c
/// outermost; depthwise weights are transposed into it at load).
struct ComputingLayer {
  ConvGeometry geometry;
  std::vector<std::int8_t> weights;
  /// [out_c]; bias[o] - in_zero_point * sum of the weights of o: the zero-point term folded in.
  std::vector<std::int32_t> folded_bias;
  std::vector<quant::RequantScale> scales;  ///< [out_c]
  quant::Rounding rounding = quant::Rounding::kDouble;
  std::int8_t in_zero_point = 0;  ///< Also the code of padding elements, which are multiplied too.
  std::int32_t out_zero_point = 0;
  std::int32_t clamp_low = -128, clamp_high = 127;
};

/// One multiplier per output channel, or one for all (size 1).
using MultiplierSpan = std::span<const arith::Multiplier* const>;

}  // namespace deepaxe::kernel
