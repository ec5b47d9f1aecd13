// OperandStream: what each multiplier of a computing layer sees, in the order of the engine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/power/switching.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::power {

/// The loops of LayerWalk, cut into windows: the products of one sum of each lane. Windows of an
/// image are numbered in the order in which the engine takes them.
class OperandStream {
 public:
  /// Of a computing layer. The model need not outlive it.
  OperandStream(const model::Int8Model& model, int node, int parallel_outputs);

  const design::LayerWalk& walk() const noexcept { return walk_; }
  std::int64_t num_windows() const noexcept;         ///< Of an image.
  int lanes_in(std::int64_t window) const noexcept;  ///< Those that compute an output.

  /// depth() pairs. `image` has the codes of the layer's input; a lane beyond lanes_in has weight
  /// 0.
  std::vector<OperandPair> window(std::span<const std::int8_t> image, std::int64_t window,
                                  int lane) const;

 private:
  std::int8_t activation(std::span<const std::int8_t> image, int row, int column,
                         int channel) const noexcept;

  design::LayerWalk walk_;
  std::vector<std::int8_t> weights_;  // [output][depth]
  std::int8_t zero_code_ = 0;         // Of elements outside the image.
};

}  // namespace deepaxe::hw::power
