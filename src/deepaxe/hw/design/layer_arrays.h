// Constants of a computing layer: weights, folded biases and requantization factors.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/model/graph.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::design {

/// weights[o * depth + k], k running over [kernel row][kernel column][input channel of the group].
struct LayerArrays {
  std::vector<std::int32_t> weights;
  std::vector<std::int32_t> folded_bias;  ///< bias[o] - input zero point * sum of weights of o.
  std::vector<quant::RequantScale> scales;

  bool has_one_scale() const noexcept;  ///< The same for all outputs: written as scalars.
};
LayerArrays layer_arrays(const model::Int8Model& model, int node);

}  // namespace deepaxe::hw::design
