// The definition of maximum pool, average pool and mean. Normative; rounding of each as in LiteRT's
// reference integer kernels, checked against its tensors.
#pragma once

#include <cstdint>
#include <span>

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
/// sum / count, rounded to nearest, ties away from zero; count > 0.
std::int32_t rounded_average(std::int32_t sum, std::int32_t count) noexcept;
/// rounded_average of the elements inside the image.
void average_pool(const PoolLayer& layer, std::span<const std::int8_t> input,
                  std::span<std::int8_t> output) noexcept;

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

}  // namespace deepaxe::kernel::reference
