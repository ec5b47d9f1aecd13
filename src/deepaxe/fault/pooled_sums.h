// PooledSums: the max pool that alone reads a computing layer, taken of the layer's moved sums.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/image_state.h"
#include "deepaxe/fault/pool_geometry.h"

namespace deepaxe::fault {

/// Requantization never falls as a sum grows, so the largest code of a window is the code of its
/// largest sum: what moves between the two layers need not be listed, nor requantized but once for
/// each window. Immutable.
class PooledSums {
 public:
  /// Null where the rule does not hold: not a max pool, one with dilation, or one that clamps more
  /// than the layer does.
  static std::shared_ptr<const PooledSums> make(const ComputingNode& node, const NodeContext& pool);

  int pool_node() const noexcept { return pool_node_; }

  /// state.blocks are the positions whose sums differ from `golden`, state.block_sums those sums.
  /// The elements of the pool that differ then join its changes; the layer's own tensor stays as
  /// it is.
  void compare(const ComputingNode& node, const AccumulatorState& golden, ImageState& state) const;

  /// Of differences that the layer's own tensor has, in place of sums: carries them to the pool's,
  /// and leaves the layer's as compare() would.
  void hand_over(const ComputingNode& node, ImageState& state) const;

  /// Lists in state.windows the windows over state.blocks.
  void list_windows(ImageState& state) const;
  /// Calls visit(position of the layer) for each that the window covers.
  template <typename Visit>
  void for_each_position(std::uint32_t window, const Visit& visit) const {
    const PoolWindow& covered = windows_[window];
    std::uint32_t row = covered.first;
    for (std::uint32_t y = 0; y < covered.rows; ++y, row += columns_) {
      for (std::uint32_t x = 0; x < covered.columns; ++x) visit(row + x);
    }
  }

 private:
  PooledSums(const NodeContext& pool, const PoolGeometry& pixels);
  void take_maximum(std::uint32_t window, const ComputingNode& node, const AccumulatorState& golden,
                    ImageState& state, std::int32_t* maxima) const;

  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  int pool_node_;
  std::unique_ptr<Propagator> pool_;
  std::uint32_t columns_;  // Of the layer's output.
  std::vector<PoolWindow> windows_;
  PoolCoverage coverage_;
};

}  // namespace deepaxe::fault
