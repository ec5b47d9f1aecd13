// Arrays of a computing layer: weights, folded biases and requantization factors, and their text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/hw/hls/layer_function.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::hls {

/// Every computing layer as a grouped convolution. Dense: 1x1 over [positions, 1, in].
struct LayerShape : WindowShape {
  int in_c = 1, out_c = 1;
  int groups = 1;

  int group_in() const noexcept { return in_c / groups; }
  int group_out() const noexcept { return out_c / groups; }
  int depth() const noexcept { return window.kernel_h * window.kernel_w * group_in(); }
};
LayerShape layer_shape(const model::Int8Model& model, int node);

/// weights[o * depth + k], k running over [kernel row][kernel column][input channel of the group].
struct LayerArrays {
  std::vector<std::int32_t> weights;
  std::vector<std::int32_t> folded_bias;  ///< bias[o] - input zero point * sum of weights of o.
  std::vector<quant::RequantScale> scales;

  bool has_one_scale() const noexcept;  ///< The same for all outputs: written as scalars.
};
LayerArrays layer_arrays(const model::Int8Model& model, int node);

/// The part of weights.h that belongs to one layer.
void write_arrays(SourceWriter& out, const std::string& name, const LayerShape& shape,
                  const LayerArrays& arrays);

}  // namespace deepaxe::hw::hls
