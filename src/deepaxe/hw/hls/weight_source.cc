#include "deepaxe/hw/hls/weight_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <variant>

#include "deepaxe/model/integer_functions.h"

namespace deepaxe::hw::hls {
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

template <typename Project>
void write_array(SourceWriter& out, std::string_view type, const std::string& name,
                 const LayerArrays& arrays, Project project) {
  std::vector<std::int32_t> values;
  std::ranges::transform(arrays.scales, std::back_inserter(values), project);
  if (arrays.has_one_scale()) {
    out.line(fmt::format("static const {} {} = {};", type, name, values.front()));
    return;
  }
  out.open(fmt::format("static const {} {}s[{}] =", type, name, values.size()));
  out.numbers(values);
  out.close(";");
}

}  // namespace

LayerShape layer_shape(const Int8Model& model, int index) {
  const Int8Node& node = node_at(model, index);
  const model::Shape& in = node_at(model, node.inputs.front()).shape;
  LayerShape shape;
  shape.in_c = model::num_channels(in);
  shape.out_c = model::num_channels(node.shape);
  if (std::holds_alternative<model::Dense>(node.op)) {
    shape.in_h = static_cast<int>(model::num_elements(in)) / shape.in_c;
    shape.out_h = shape.in_h;
    return shape;
  }
  shape.in_h = in[0];
  shape.in_w = in[1];
  shape.out_h = node.shape[0];
  shape.out_w = node.shape[1];
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    shape.window = conv->window;
    shape.groups = conv->groups;
  } else {
    shape.window = std::get<model::DepthwiseConv2d>(node.op).window;
    shape.groups = shape.in_c;
  }
  return shape;
}

bool LayerArrays::has_one_scale() const noexcept {
  return std::ranges::all_of(scales, [&](const auto& scale) { return scale == scales.front(); });
}

LayerArrays layer_arrays(const Int8Model& model, int index) {
  const Int8Node& node = node_at(model, index);
  const LayerShape shape = layer_shape(model, index);
  const quant::QuantParams& in = node_at(model, node.inputs.front()).quant;
  LayerArrays arrays;
  arrays.weights = output_major_weights(node, shape);
  const auto depth = static_cast<std::size_t>(shape.depth());
  for (std::size_t o = 0; o < static_cast<std::size_t>(shape.out_c); ++o) {
    std::int64_t sum = 0;
    for (const std::int32_t weight : std::span(arrays.weights).subspan(o * depth, depth)) {
      sum += weight;
    }
    // Modulo 2^32, as the accumulator it starts.
    arrays.folded_bias.push_back(
        static_cast<std::int32_t>((node.bias.empty() ? 0 : node.bias[o]) - in.zero_point * sum));
    arrays.scales.push_back(model::output_scale(model, node, o));
  }
  return arrays;
}

void write_arrays(SourceWriter& out, const std::string& name, const LayerShape& shape,
                  const LayerArrays& arrays) {
  const auto depth = static_cast<std::size_t>(shape.depth());
  out.line();
  out.comment(fmt::format("{}: {} outputs of {}x{} kernel positions and {} input channels.", name,
                          shape.out_c, shape.window.kernel_h, shape.window.kernel_w,
                          shape.group_in()));
  out.open(fmt::format("static const std::int8_t {}_weights[{}][{}] =", name, shape.out_c, depth));
  for (std::size_t o = 0; o < static_cast<std::size_t>(shape.out_c); ++o) {
    out.open("");
    out.numbers(std::span(arrays.weights).subspan(o * depth, depth));
    out.close(",");
  }
  out.close(";");
  out.open(fmt::format("static const std::int32_t {}_bias[{}] =", name, shape.out_c));
  out.numbers(arrays.folded_bias);
  out.close(";");
  write_array(out, "std::int32_t", name + "_mantissa", arrays,
              [](const quant::RequantScale& scale) { return scale.mantissa; });
  write_array(out, "std::int8_t", name + "_shift", arrays,
              [](const quant::RequantScale& scale) { return std::int32_t{scale.shift}; });
}

}  // namespace deepaxe::hw::hls
