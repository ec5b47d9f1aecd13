// QuantParams: how an int8 tensor stands for real numbers. Source: TFLite 8-bit specification.
#pragma once

#include <cstdint>

namespace deepaxe::quant {

/// real = scale * (code - zero_point); scale > 0, zero_point in [-128, 127]. Scales are float32, as
/// they are stored in .tflite files.
struct QuantParams {
  float scale = 1;
  std::int32_t zero_point = 0;

  bool operator==(const QuantParams&) const = default;
};

/// The code nearest to `real` (ties away from zero, as std::round and TFLite do), saturated.
std::int8_t quantize(float real, const QuantParams& params) noexcept;

inline float dequantize(std::int8_t code, const QuantParams& params) noexcept {
  return params.scale * static_cast<float>(code - params.zero_point);
}

}  // namespace deepaxe::quant
