// The definition of the layers that do not multiply: pools, mean, addition, rescaling, moves.
// Normative; rounding of each as in LiteRT's reference integer kernels, checked against its
// tensors.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/quant/params.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::kernel::reference {

struct PoolLayer {
  int in_h = 1, in_w = 1, channels = 1;
  int out_h = 1, out_w = 1;
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int pad_top = 0, pad_left = 0;
  std::int32_t clamp_low = -128, clamp_high = 127;
};

/// Input and output share scale and zero point. [in_h, in_w, c] to [out_h, out_w, c]. Every window
/// must hold at least one element of the image.
void max_pool(const PoolLayer& layer, std::span<const std::int8_t> input,
              std::span<std::int8_t> output) noexcept;
/// Mean of the elements inside the image, rounded to nearest, ties away from zero.
void average_pool(const PoolLayer& layer, std::span<const std::int8_t> input,
                  std::span<std::int8_t> output) noexcept;

/// TFLite ADD: both operands shifted left by 20 bits and brought to twice the larger scale.
struct AddLayer {
  std::int32_t zero_point_a = 0, zero_point_b = 0, out_zero_point = 0;
  quant::RequantScale scale_a, scale_b, out_scale;
  std::int32_t clamp_low = -128, clamp_high = 127;
};
AddLayer make_add_layer(const quant::QuantParams& a, const quant::QuantParams& b,
                        const quant::QuantParams& out);
std::int8_t add(const AddLayer& layer, std::int8_t a, std::int8_t b) noexcept;

/// TFLite MEAN over height and width: the division is folded into the mantissa, truncated.
struct MeanLayer {
  int positions = 1, channels = 1;
  std::int32_t zero_point = 0, out_zero_point = 0;
  quant::RequantScale scale;  ///< s_in / (s_out * positions); the mantissa may be below 2^30.
  std::int32_t clamp_low = -128, clamp_high = 127;
};
MeanLayer make_mean_layer(int positions, int channels, const quant::QuantParams& in,
                          const quant::QuantParams& out);
/// [positions, channels] to [channels].
void mean(const MeanLayer& layer, std::span<const std::int8_t> input,
          std::span<std::int8_t> output) noexcept;

/// From one scale and zero point to another, with the slope of a leaky ReLU below the zero point
/// and a clamp: TFLite's RELU, RELU6, LEAKY_RELU and int8 QUANTIZE. Rounded twice.
struct RescaleLayer {
  std::int32_t zero_point = 0, out_zero_point = 0;
  quant::RequantScale scale, negative_scale;
  std::int32_t clamp_low = -128, clamp_high = 127;
};
/// `negative_slope` >= 0; 1 is no activation.
RescaleLayer make_rescale_layer(const quant::QuantParams& in, const quant::QuantParams& out,
                                double negative_slope = 1);
std::int8_t rescale(const RescaleLayer& layer, std::int8_t code) noexcept;
/// Codes are 8 bits, so the layer is a table: result[bit pattern of the code].
std::array<std::int8_t, 256> tabulate(const RescaleLayer& layer) noexcept;

/// Copies [in_h, in_w, channels] so that element (0, 0) lands at (top, left) of [out_h, out_w,
/// channels]; what falls outside is dropped, what is left is `fill`. Pads, or crops where top and
/// left are negative.
struct FrameLayer {
  int in_h = 1, in_w = 1, channels = 1;
  int out_h = 1, out_w = 1;
  int top = 0, left = 0;
  std::int8_t fill = 0;
};
void frame(const FrameLayer& layer, std::span<const std::int8_t> input,
           std::span<std::int8_t> output) noexcept;

/// Output axis i is input axis axes[i]; `shape` is the input's.
void permute(std::span<const int> shape, std::span<const int> axes,
             std::span<const std::int8_t> input, std::span<std::int8_t> output);

}  // namespace deepaxe::kernel::reference
