// Constants of a computing layer: weights, folded biases and requantization factors.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/model/graph.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::design {

/// weights[o * depth + k], k running over [kernel row][kernel column][input channel of the group].
struct LayerArrays {
  std::vector<std::int32_t> weights;
  std::vector<std::int32_t> folded_bias;
  std::vector<quant::RequantScale> scales;

  bool has_one_scale() const noexcept;  ///< Written as scalars.
};
LayerArrays layer_arrays(const model::Int8Model& model, int node);

/// bias[o] - input zero point * sum of weights of o, modulo 2^32 as the accumulator it starts.
std::vector<std::int32_t> folded_biases(const model::Int8Model& model, int node);
/// By output channel, also where the model has one scale for the tensor.
std::vector<quant::RequantScale> output_scales(const model::Int8Model& model, int node);
/// The same for all outputs, however the model stores it.
bool is_one_scale(std::span<const quant::RequantScale> scales) noexcept;

/// Shifts by channel as the requantizer takes them, counted down from the largest. A mantissa of 0
/// needs none: 0 below.
struct ChannelShifts {
  int largest = 0;
  std::vector<int> below;
  int bits = 1;  ///< Of the largest number of `below`.

  bool is_one() const noexcept;  ///< Nothing is below the largest.
};
/// At least one scale.
ChannelShifts channel_shifts(std::span<const quant::RequantScale> scales);

}  // namespace deepaxe::hw::design
