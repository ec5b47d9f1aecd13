#include "deepaxe/fault/pooled_sums.h"

#include <cstdint>
#include <optional>
#include <variant>

#include "deepaxe/fault/block_changes.h"

namespace deepaxe::fault {

std::shared_ptr<const PooledSums> PooledSums::make(const ComputingNode& node,
                                                   const NodeContext& pool) {
  std::optional<PoolGeometry> geometry = pool_geometry(pool);
  if (!geometry || pool.graph_node().inputs.front() != node.context().node) return nullptr;
  const model::Int8Node& graph_node = pool.graph_node();
  const kernel::ComputingLayer& layer = node.layer();
  if (std::get<model::Pool>(graph_node.op).kind != model::PoolKind::kMax ||
      graph_node.clamp_low > layer.clamp_low || graph_node.clamp_high < layer.clamp_high) {
    return nullptr;
  }
  geometry->channels = 1;
  return std::shared_ptr<const PooledSums>(new PooledSums(pool, *geometry));
}

PooledSums::PooledSums(const NodeContext& pool, const PoolGeometry& pixels)
    : pool_node_(pool.node),
      pool_(make_pool_propagator(pool)),
      columns_(static_cast<std::uint32_t>(pixels.columns.in)),
      windows_(pool_windows(pixels)),
      coverage_(pixels) {}

void PooledSums::hand_over(const ComputingNode& node, ImageState& state) const {
  pool_->propagate(state);
  node.output(state).restore();
}

void PooledSums::list_windows(ImageState& state) const {
  state.windows.resize_at_least(windows_.size());
  state.windows.clear();
  for (const std::uint32_t block : state.blocks.used()) {
    for (const std::uint32_t window : coverage_.outputs(block)) state.windows.find_or_add(window);
  }
}

void PooledSums::take_maximum(std::uint32_t window, const ComputingNode& node,
                              const AccumulatorState& golden, ImageState& state,
                              std::int32_t* maxima) const {
  const auto channels = static_cast<std::size_t>(node.layer().geometry.out_c);
  state.window_rows.clear();
  for_each_position(window, [&](std::uint32_t block) {
    const std::optional<std::size_t> slot = state.blocks.find(block);
    state.window_rows.push_back(slot ? &state.block_sums[*slot * node.padded_channels()]
                                     : &golden.sums[block * channels]);
  });
  loops_.max_of_rows(state.window_rows.data(), state.window_rows.size(), channels, maxima);
}

void PooledSums::compare(const ComputingNode& node, const AccumulatorState& golden,
                         ImageState& state) const {
  list_windows(state);
  const std::vector<std::uint32_t>& windows = state.windows.used();
  if (windows.empty()) return;
  const std::size_t padded = node.padded_channels();
  const std::size_t size = windows.size() * padded;
  resize_at_least(state.window_sums, size);
  resize_at_least(state.block_codes, size);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    take_maximum(windows[i], node, golden, state, &state.window_sums[i * padded]);
  }
  node.to_codes(state.window_sums.data(), windows.size(), state.block_codes.data());
  set_changed_blocks(loops_, windows, static_cast<std::size_t>(node.layer().geometry.out_c),
                     state.tensors[static_cast<std::size_t>(pool_node_)], state);
}

}  // namespace deepaxe::fault
