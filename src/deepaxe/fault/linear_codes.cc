#include "deepaxe/fault/linear_codes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace deepaxe::fault {

bool LinearCodes::hold_for(std::span<const std::int8_t> table) const {
  for (std::size_t pair = 0; pair < table.size(); ++pair) {
    const auto first = static_cast<std::int8_t>(pair >> 8);
    const auto second = static_cast<std::int8_t>(pair & 255);
    const float partial = constant + of_first * static_cast<float>(first);
    const float value = partial + of_second * static_cast<float>(second);
    const float nearest = std::nearbyint(value);
    if (std::abs(value - nearest) > 0.5F - kDoubt) continue;
    const float code = std::clamp(nearest, static_cast<float>(low), static_cast<float>(high));
    if (static_cast<std::int8_t>(code) != table[pair]) return false;
  }
  return true;
}

}  // namespace deepaxe::fault
