// is_quick_to_run: whether an accepted model is small enough to be run for every input.
#pragma once

#include <cstdint>

#include "deepaxe/model/graph.h"

namespace deepaxe::fuzz {

/// A large network is no bug, only slow: what its file says is believed.
template <typename Node>
bool is_quick_to_run(const model::Graph<Node>& model) {
  constexpr std::uint64_t kMaxWork = 4'000'000;  // Elements and multiply-accumulates.
  std::uint64_t work = 0;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const Node& node = model.nodes[i];
    std::uint64_t taps = 1;  // Elements read for one that is given.
    if (const auto* pool = std::get_if<model::Pool>(&node.op)) {
      taps = std::uint64_t{static_cast<unsigned>(pool->window.kernel_h)} *
             static_cast<unsigned>(pool->window.kernel_w);
    }
    const std::uint64_t size = model::num_elements(node.shape);
    if (size > kMaxWork || taps > kMaxWork) return false;
    work += size * taps + static_cast<std::uint64_t>(model::num_macs(model, static_cast<int>(i)));
    if (work > kMaxWork) return false;
  }
  return true;
}

}  // namespace deepaxe::fuzz
