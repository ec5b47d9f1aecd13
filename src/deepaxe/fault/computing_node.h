// ComputingNode: a convolution or dense layer under simulation; what a moved sum does to its codes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/fault/image_state.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/requantize_thresholds.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/output_stage.h"

namespace deepaxe::fault {

/// Immutable, hence safe to share between threads.
class ComputingNode {
 public:
  /// Requires a computing node; the engine of the context outlives this.
  explicit ComputingNode(NodeContext context);
  ComputingNode(const ComputingNode&) = delete;
  ComputingNode& operator=(const ComputingNode&) = delete;

  const NodeContext& context() const noexcept { return context_; }
  const kernel::ComputingLayer& layer() const noexcept { return layer_; }
  /// The tensor it reads and the one it writes.
  const TensorState& input(const ImageState& state) const {
    return state.tensors[static_cast<std::size_t>(context_.roots.front())];
  }
  TensorState& output(ImageState& state) const {
    return state.tensors[static_cast<std::size_t>(context_.node)];
  }

  /// The golden sums of the loaded image; made where the image has none yet.
  AccumulatorState& sums(ImageState& state) const;
  /// The same with their slacks.
  AccumulatorState& accumulators(ImageState& state) const;
  /// Runs the layer on its golden input: sums and codes.
  void run_golden(ImageState& state) const;

  /// Channels of one position, rounded up as the vector loops like them.
  std::size_t padded_channels() const noexcept { return requantizer_.stride(); }
  /// sums [num_positions][padded_channels] -> codes [num_positions][channels].
  void to_codes(const std::int32_t* sums, std::size_t num_positions, std::int8_t* codes) const;

  /// The code of `sum` at an output element.
  std::int8_t code(std::size_t element, std::int32_t sum) const noexcept;

  /// Moves the golden sum of an element, not moved before, by `delta` modulo 2^32; `accumulators`
  /// has been called. The element joins the output's changes if its code is another one then.
  void move_sum(std::size_t element, std::uint32_t delta, ImageState& state) const;

 private:
  void fill_slacks(AccumulatorState& accumulators, ImageState& state) const;

  NodeContext context_;
  const kernel::ComputingLayer& layer_;
  RequantizeThresholds thresholds_;
  kernel::ComputingLayer bare_position_;  // Scales and range of one position; its bias is 0.
  kernel::table::OutputStage requantizer_;
};

}  // namespace deepaxe::fault
