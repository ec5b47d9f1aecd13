#include "deepaxe/fault/weight_planes.h"

#include <algorithm>
#include <cstddef>

namespace deepaxe::fault {

std::vector<std::int16_t> planes_by_input(const kernel::ComputingLayer& layer,
                                          const std::optional<ProductTerms>& terms) {
  const kernel::ConvGeometry& g = layer.geometry;
  const auto in_per_group = static_cast<std::size_t>(g.in_c / g.groups);
  const auto out_per_group = static_cast<std::size_t>(g.out_c / g.groups);
  const auto in_c = static_cast<std::size_t>(g.in_c);
  const std::size_t taps =
      static_cast<std::size_t>(g.kernel_h) * static_cast<std::size_t>(g.kernel_w);
  const std::size_t num_planes = terms ? terms->size() : 1;
  std::vector<std::int16_t> result(taps * in_c * num_planes * out_per_group);
  for (std::size_t o = 0; o < static_cast<std::size_t>(g.out_c); ++o) {
    const std::size_t first_input = o / out_per_group * in_per_group;
    for (std::size_t k = 0; k < taps * in_per_group; ++k) {
      const std::int8_t weight = layer.weights[o * taps * in_per_group + k];
      const std::size_t input = k / in_per_group * in_c + first_input + k % in_per_group;
      for (std::size_t t = 0; t < num_planes; ++t) {
        result[(input * num_planes + t) * out_per_group + o % out_per_group] =
            terms ? terms->factor(t, weight) : std::int16_t{weight};
      }
    }
  }
  return result;
}

std::vector<std::uint8_t> bytes_of(const std::vector<std::int16_t>& planes) {
  if (std::ranges::any_of(planes, [](std::int16_t value) { return value < -128 || value > 127; })) {
    return {};
  }
  std::vector<std::uint8_t> bytes(planes.size());
  std::ranges::transform(planes, bytes.begin(),
                         [](std::int16_t value) { return static_cast<std::uint8_t>(value + 128); });
  return bytes;
}

std::optional<ProductTerms> common_terms(const std::vector<const arith::Multiplier*>& multipliers) {
  return multipliers.size() == 1 ? ProductTerms::of(*multipliers.front()) : std::nullopt;
}

}  // namespace deepaxe::fault
