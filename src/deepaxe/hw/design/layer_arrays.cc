#include "deepaxe/hw/design/layer_arrays.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>

#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

const Int8Node& node_at(const Int8Model& model, int index) {
  return model.nodes[static_cast<std::size_t>(index)];
}

// Stored depthwise weights are [kernel row][kernel column][output]; here the output comes first.
std::vector<std::int32_t> output_major_weights(const Int8Node& node, const LayerShape& shape) {
  std::vector<std::int32_t> weights(node.weights.begin(), node.weights.end());
  if (!std::holds_alternative<model::DepthwiseConv2d>(node.op)) {
    return weights;
  }
  const auto outputs = static_cast<std::size_t>(shape.out_c);
  const auto depth = static_cast<std::size_t>(shape.depth());
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t o = 0; o < outputs; ++o) {
      weights[o * depth + k] = node.weights[k * outputs + o];
    }
  }
  return weights;
}

}  // namespace

bool LayerArrays::has_one_scale() const noexcept { return is_one_scale(scales); }

bool is_one_scale(std::span<const quant::RequantScale> scales) noexcept {
  return std::ranges::all_of(scales, [&](const auto& scale) { return scale == scales.front(); });
}

std::vector<std::int32_t> folded_biases(const Int8Model& model, int index) {
  const Int8Node& node = node_at(model, index);
  const LayerShape shape = layer_shape(model, index);
  const auto outputs = static_cast<std::size_t>(shape.out_c);
  const auto depth = static_cast<std::size_t>(shape.depth());
  const bool output_is_last = std::holds_alternative<model::DepthwiseConv2d>(node.op);
  std::vector<std::int64_t> sums(outputs);
  for (std::size_t i = 0; i < node.weights.size(); ++i) {
    sums[output_is_last ? i % outputs : i / depth] += node.weights[i];
  }
  const std::int32_t zero_point = node_at(model, node.inputs.front()).quant.zero_point;
  std::vector<std::int32_t> biases;
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::int64_t bias = node.bias.empty() ? 0 : node.bias[o];
    biases.push_back(static_cast<std::int32_t>(bias - zero_point * sums[o]));
  }
  return biases;
}

std::vector<quant::RequantScale> output_scales(const Int8Model& model, int index) {
  const Int8Node& node = node_at(model, index);
  std::vector<quant::RequantScale> scales;
  for (std::size_t o = 0; o < static_cast<std::size_t>(layer_shape(model, index).out_c); ++o) {
    scales.push_back(model::output_scale(model, node, o));
  }
  return scales;
}

LayerArrays layer_arrays(const Int8Model& model, int index) {
  return {.weights = output_major_weights(node_at(model, index), layer_shape(model, index)),
          .folded_bias = folded_biases(model, index),
          .scales = output_scales(model, index)};
}

bool ChannelShifts::is_one() const noexcept {
  return std::ranges::all_of(below, [](int shift) { return shift == 0; });
}

ChannelShifts channel_shifts(std::span<const quant::RequantScale> scales) {
  ChannelShifts shifts;
  std::vector<int> used;
  for (const quant::RequantScale& scale : scales) {
    if (scale.mantissa != 0) used.push_back(scale.shift);
  }
  if (!used.empty()) shifts.largest = *std::ranges::max_element(used);
  for (const quant::RequantScale& scale : scales) {
    shifts.below.push_back(scale.mantissa == 0 ? 0 : shifts.largest - scale.shift);
  }
  shifts.bits = index_bits(std::int64_t{*std::ranges::max_element(shifts.below)} + 1);
  return shifts;
}

}  // namespace deepaxe::hw::design
