// The definition of the layers that do not multiply: pools, addition, concatenation, padding...
// Normative; rounding of each as in LiteRT's reference integer kernels, checked against its tensors.
#pragma once

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

/// Input and output share scale and zero point. [in_h, in_w, c] to [out_h, out_w, c].
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

}  // namespace deepaxe::kernel::reference
