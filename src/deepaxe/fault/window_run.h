// WindowRun: differences through a convolution by running it whole at the positions they reach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "deepaxe/fault/computing_node.h"
#include "deepaxe/fault/covered_positions.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/image_state.h"
#include "deepaxe/kernel/table/window_layer.h"

namespace deepaxe::fault {

/// Pays where many inputs of few pixels differ: matrix products do a hundred times as many products
/// in the same time. Immutable, hence safe to share between threads.
class WindowRun {
 public:
  /// How far the changed inputs of a layer reach.
  struct Reach {
    std::size_t num_windows = 0;    ///< Pairs of a changed pixel and a window that covers it.
    std::size_t num_positions = 0;  ///< Windows that cover any.
  };

  /// Null where the engine has no such kernels. The node outlives this.
  static std::unique_ptr<const WindowRun> make(const ComputingNode& node);

  /// Of the changes of the node's input; lists the positions in state.positions.
  Reach find_positions(ImageState& state) const;
  /// Runs state.positions; codes that are not golden join the changes of the node's output.
  void run(ImageState& state) const;
  /// Codes of the layer at the positions: input as the node's, output [positions][channels].
  void convolve(const std::int8_t* input, std::span<const std::uint32_t> positions,
                std::int8_t* output) const {
    layer_.convolve(*prepared_, input, positions, output);
  }

 private:
  WindowRun(const ComputingNode& node, const kernel::table::WindowLayer& layer);

  const ComputingNode& node_;
  const kernel::table::WindowLayer& layer_;
  kernel::table::TableLayer::PreparedPtr prepared_;
  CoveredPositions covered_;
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::uint32_t in_c_, out_c_;
};

}  // namespace deepaxe::fault
