// LayerWalk: the loops by which the generated engine computes one layer, and what they take.
#pragma once

#include <cstdint>
#include <string_view>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// A tensor as rows of columns of channels: [h, w, c] as it is, [n] as one row of one column,
/// [n, c] as n rows of one column; further axes join the columns.
struct ImageShape {
  int rows = 1, columns = 1, channels = 1;

  int row_size() const noexcept { return columns * channels; }
  bool operator==(const ImageShape&) const = default;
};
ImageShape image_shape(const model::Shape& shape);

/// The modules of the engine, one for each way of computing.
enum class LayerKind {
  kComputing,    ///< Window times weights, requantized.
  kMaxPool,      ///< Also over the whole image.
  kAveragePool,  ///< Divided by the elements inside the image.
  kMean,         ///< Over the whole image, requantized.
  kPointwise,    ///< One code to one code, from anywhere: activation, padding, slice, permute.
  kArithmetic,   ///< Two codes to one.
  kConcatenate,
};

/// Of a counter or address from 0 to count - 1; at least 1.
int index_bits(std::int64_t count) noexcept;

/// Loops, outermost first: output row, output column, set, group, kernel row, kernel column, input
/// channel; one input element a cycle. A set is a run of input channels with the outputs that read
/// it; the lanes compute a group of its outputs at once.
struct LayerWalk {
  LayerKind kind = LayerKind::kPointwise;
  ImageShape in, out;
  model::Window window;
  int sets = 1;
  int set_channels = 1;  ///< Input channels of a set.
  int set_outputs = 1;   ///< Output channels of a set.
  int lanes = 1;         ///< Multipliers; never more than set_outputs.
  int interval = 1;      ///< Cycles for which the requantizer works on one sum.

  int depth() const noexcept { return window.kernel_h * window.kernel_w * set_channels; }
  /// Of the accumulator: a sum of depth() products of 16 bits is exact in this many, or wraps as an
  /// int32 does.
  int sum_bits() const noexcept;
  int groups() const noexcept { return (set_outputs + lanes - 1) / lanes; }
  int last_lanes() const noexcept { return set_outputs - (groups() - 1) * lanes; }
  /// Words of `lanes` weights that one output position reads, in order.
  int weight_words() const noexcept { return sets * groups() * depth(); }
  /// Cycles of one group of lanes: its elements, or the way out of its sums if that is longer.
  int period() const noexcept;
  std::int64_t row_cycles() const noexcept;  ///< From the first element of an output row on.
  /// From the last element that a row reads to the write of its last code.
  int latency() const noexcept;
  bool is_padded() const noexcept;  ///< Some window reaches over the border.
  /// From the start to the last write if no row waits for anything.
  std::int64_t image_cycles() const noexcept;
};

/// parallel_outputs (at least 1) matters to computing layers only. The node must have a generated
/// engine (plan.h); Input, Reshape and Softmax have none.
LayerWalk layer_walk(const model::Int8Model& model, int node, int parallel_outputs);

}  // namespace deepaxe::hw::design
