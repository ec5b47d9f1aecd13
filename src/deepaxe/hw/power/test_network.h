// A small convolutional network with weights that are not all alike, for tests of this library.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::power {

inline std::vector<std::int8_t> mixed_codes(std::size_t count, std::uint32_t state) {
  std::vector<std::int8_t> codes(count);
  for (std::int8_t& code : codes) {
    state = state * 1664525U + 1013904223U;
    code = static_cast<std::int8_t>(state >> 24);
  }
  return codes;
}

/// 6x6x2 -> conv 3x3 of 3 channels, padded -> max pool -> dense 4.
inline model::Int8Model small_network() {
  model::Int8Model model =
      cost::NetworkBuilder({6, 6, 2}).conv(3, 3, true).max_pool().flatten().dense(4).build();
  for (model::Int8Node& node : model.nodes) {
    node.quant = {.scale = 0.5F, .zero_point = 3};
    if (!model::is_computing(node.op)) continue;
    node.weight_scales = {0.25F};
    node.weights = mixed_codes(node.weights.size(), 5);
  }
  return model;
}

/// Codes of what each computing layer reads, for `images` images.
struct SmallInputs {
  std::vector<std::int8_t> conv, dense;
  std::vector<std::span<const std::int8_t>> spans;

  explicit SmallInputs(std::size_t images)
      : conv(mixed_codes(images * 72, 1)), dense(mixed_codes(images * 27, 2)), spans{conv, dense} {}
};

}  // namespace deepaxe::hw::power
