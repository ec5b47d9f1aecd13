#include "deepaxe/hw/design/layer_shape.h"

#include <fmt/format.h>

#include <variant>

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

const Int8Node& node_at(const Int8Model& model, int index) {
  return model.nodes[static_cast<std::size_t>(index)];
}

}  // namespace

bool WindowShape::is_padded() const noexcept {
  const int last_row =
      (out_h - 1) * window.stride_h + (window.kernel_h - 1) * window.dilation_h - window.pad_top;
  const int last_column =
      (out_w - 1) * window.stride_w + (window.kernel_w - 1) * window.dilation_w - window.pad_left;
  return window.pad_top > 0 || window.pad_left > 0 || last_row >= in_h || last_column >= in_w;
}

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

const model::Int8Node& input_node(const model::Int8Model& model, const LayerPlan& layer,
                                  std::size_t input) {
  const auto& inputs = model.nodes[static_cast<std::size_t>(layer.node)].inputs;
  return model.nodes[static_cast<std::size_t>(inputs[input])];
}

std::string describe(const model::Window& window) {
  std::string text = fmt::format("{}x{}", window.kernel_h, window.kernel_w);
  const auto pair = [](int h, int w) {
    return h == w ? fmt::format("{}", h) : fmt::format("{}x{}", h, w);
  };
  if (window.stride_h != 1 || window.stride_w != 1) {
    text += ", stride " + pair(window.stride_h, window.stride_w);
  }
  if (window.dilation_h != 1 || window.dilation_w != 1) {
    text += ", dilation " + pair(window.dilation_h, window.dilation_w);
  }
  if (window.pad_top + window.pad_bottom + window.pad_left + window.pad_right != 0) {
    text += fmt::format(", padding {} {} {} {} (top, bottom, left, right)", window.pad_top,
                        window.pad_bottom, window.pad_left, window.pad_right);
  }
  return text;
}

}  // namespace deepaxe::hw::design
