#include "deepaxe/fault/look_schedule.h"

#include <cmath>

namespace deepaxe::fault {

double look_confidence(int look, double confidence) noexcept {
  const auto k = static_cast<double>(look);
  return 1 - (1 - confidence) / (k * (k + 1));
}

std::uint64_t look_pairs(int look, double margin, double confidence) noexcept {
  // Clopper and Pearson, no event in n pairs: (1 - 2 margin)^n = tail.
  const double tail = (1 - look_confidence(1, confidence)) / 2;
  const double first = std::ceil(std::log(tail) / std::log1p(-2 * margin));
  return static_cast<std::uint64_t>(std::ldexp(first, look - 1));
}

}  // namespace deepaxe::fault
