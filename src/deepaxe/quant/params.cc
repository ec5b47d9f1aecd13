#include "deepaxe/quant/params.h"

#include <algorithm>
#include <cmath>

namespace deepaxe::quant {

std::int8_t quantize(float real, const QuantParams& params) noexcept {
  // Clamped in float first: converting a float beyond int32 is undefined.
  const float code = std::round(real / params.scale) + static_cast<float>(params.zero_point);
  return static_cast<std::int8_t>(std::clamp(code, -128.0F, 127.0F));
}

}  // namespace deepaxe::quant
