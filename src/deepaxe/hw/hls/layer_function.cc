#include "deepaxe/hw/hls/layer_function.h"

#include <fmt/format.h>

#include <vector>

#include "deepaxe/base/text.h"

namespace deepaxe::hw::hls {
namespace {

std::string times(std::string_view value, int factor) {
  return factor == 1 ? std::string(value) : fmt::format("{} * {}", value, factor);
}

// Position along one axis of the input.
std::string position(std::string_view output, int stride, std::string_view kernel, int dilation,
                     int pad) {
  return plus(times(output, stride) + " + " + times(kernel, dilation), -pad);
}

}  // namespace

void open_layer_function(SourceWriter& out, const model::Int8Model& model,
                         const design::LayerPlan& layer, std::string_view what) {
  const model::Int8Node& node = model.nodes[static_cast<std::size_t>(layer.node)];
  std::string shapes;
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const model::Shape& shape = input_node(model, layer, i).shape;
    shapes += (i == 0 ? "" : " and ") + model::to_string(shape);
    const std::string name = node.inputs.size() == 1 ? "input" : fmt::format("input_{}", i);
    parameters.push_back(fmt::format("const std::int8_t {}[{}]", name, model::num_elements(shape)));
  }
  parameters.push_back(fmt::format("std::int8_t output[{}]", model::num_elements(node.shape)));
  // One parameter in each line where there are more than two.
  const std::string indent = "\n" + std::string(layer.name.size() + 13, ' ');
  const std::string separator = parameters.size() > 2 ? "," + indent : ", ";
  out.line();
  out.comment(
      fmt::format("{}: {}, {} -> {}.", layer.name, what, shapes, model::to_string(node.shape)));
  out.line("DEEPAXE_MODULE_ATTRIBUTE");
  out.open(fmt::format("static void {}({})", layer.name, base::join(parameters, separator)));
  out.line("DEEPAXE_MODULE");
}

std::string index_text(std::string_view row, int width, std::string_view column, int channels,
                       std::string_view channel) {
  std::string place = times(row, width);
  if (column != "0") {
    place += fmt::format(" + {}", column);
  }
  if (channels > 1) {
    place = fmt::format("({}) * {}", place, channels);
  }
  return channel == "0" ? place : fmt::format("{} + {}", place, channel);
}

void write_position(SourceWriter& out, const design::WindowShape& shape) {
  const model::Window& window = shape.window;
  out.line(fmt::format("const int row = {};",
                       position("y", window.stride_h, "i", window.dilation_h, window.pad_top)));
  out.line(fmt::format("const int column = {};",
                       position("x", window.stride_w, "j", window.dilation_w, window.pad_left)));
  if (shape.is_padded()) {
    out.line(fmt::format("const bool inside = row >= 0 && row < {} && column >= 0 && column < {};",
                         shape.in_h, shape.in_w));
  }
}

std::string code_text(std::string_view value, std::int32_t zero_point, std::int32_t low,
                      std::int32_t high) {
  return fmt::format("clamp_code(std::int64_t{{{}}}{}, {}, {})", value, plus("", zero_point), low,
                     high);
}

std::string code_text(std::string_view value, const model::Int8Node& node) {
  return code_text(value, node.quant.zero_point, node.clamp_low, node.clamp_high);
}

std::string requantize_text(std::string_view value, quant::RequantScale scale) {
  return fmt::format("requantize_double({}, {}, {})", value, scale.mantissa, scale.shift);
}

std::string plus(std::string_view value, std::int32_t constant) {
  if (constant == 0) {
    return std::string(value);
  }
  return fmt::format("{} {} {}", value, constant < 0 ? '-' : '+',
                     constant < 0 ? -constant : constant);
}

}  // namespace deepaxe::hw::hls
