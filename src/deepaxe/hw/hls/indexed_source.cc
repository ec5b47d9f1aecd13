#include "deepaxe/hw/hls/indexed_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/hw/hls/layer_function.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;
using model::Int8Node;
using model::Shape;

// One loop for each axis of the output, with variables i0, i1...
class AxisLoops {
 public:
  AxisLoops(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer)
      : out_(out), node_(model.nodes[static_cast<std::size_t>(layer.node)]), layer_(layer) {}

  void open() {
    for (std::size_t axis = 0; axis < node_.shape.size(); ++axis) {
      out_.loop({.label = fmt::format("{}_axis_{}", layer_.name, axis),
                 .variable = variable(axis),
                 .bound = node_.shape[axis]});
    }
    out_.line("DEEPAXE_PIPELINE(1)");
  }
  // The loops and the function.
  void close() {
    for (std::size_t i = 0; i <= node_.shape.size(); ++i) out_.close();
  }

  static std::string variable(std::size_t axis) { return fmt::format("i{}", axis); }

  // "i0 * 30 + i1 * 6 + i2 + 7", without zero terms and factors of 1.
  static std::string index(const std::vector<int>& strides, int offset = 0) {
    std::string text;
    for (std::size_t axis = 0; axis < strides.size(); ++axis) {
      if (strides[axis] == 0) continue;
      if (!text.empty()) text += " + ";
      text += variable(axis);
      if (strides[axis] != 1) text += fmt::format(" * {}", strides[axis]);
    }
    if (text.empty()) return std::to_string(offset);
    return plus(text, offset);
  }

 private:
  SourceWriter& out_;
  const Int8Node& node_;
  const design::LayerPlan& layer_;
};

std::vector<int> strides_of(const Shape& shape) {
  std::vector<int> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

// Strides of an operand over the axes of the output; 0 where it broadcasts.
std::vector<int> broadcast_strides(const Shape& shape, const Shape& out) {
  const std::vector<int> own = strides_of(shape);
  std::vector<int> strides(out.size() - shape.size(), 0);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    strides.push_back(shape[axis] == 1 ? 0 : own[axis]);
  }
  return strides;
}

const Int8Node& node_of(const Int8Model& model, const design::LayerPlan& layer) {
  return model.nodes[static_cast<std::size_t>(layer.node)];
}

void write_move(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer,
                std::string_view what, const std::string& code) {
  AxisLoops loops(out, model, layer);
  open_layer_function(out, model, layer, what);
  loops.open();
  out.line(fmt::format("output[{}] =", AxisLoops::index(strides_of(node_of(model, layer).shape))));
  out.line(fmt::format("    {};", code));
  loops.close();
}

// An operand of the arithmetic: the expression of its code, and its zero point.
struct Operand {
  std::string code;
  std::int32_t zero_point = 0;

  std::string difference() const { return plus(code, -zero_point); }
};

Shape constant_shape(const Int8Node& node) {
  if (const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op)) {
    return arithmetic->constant_shape;
  }
  if (node.weights.size() == model::num_elements(node.shape)) return node.shape;
  return {static_cast<int>(node.weights.size())};
}

void write_constant(SourceWriter& out, const Int8Node& node) {
  out.open(fmt::format("static const std::int8_t constant[{}] =", node.weights.size()));
  const std::vector<std::int32_t> values(node.weights.begin(), node.weights.end());
  out.numbers(values);
  out.close(";");
}

// The function of the two operands, in the steps of quant::BinaryArithmetic.
void write_function(SourceWriter& out, const quant::BinaryArithmetic& f, const Operand& a,
                    const Operand& b) {
  out.line(fmt::format("const std::int32_t a = {};", a.difference()));
  out.line(fmt::format("const std::int32_t b = {};", b.difference()));
  switch (f.kind) {
    case quant::BinaryKind::kAdd:
    case quant::BinaryKind::kSubtract: {
      // 9 + 20 + 1 bits: no sum overflows.
      const std::string second =
          f.kind == quant::BinaryKind::kAdd ? "b * (1 << 20)" : "-b * (1 << 20)";
      out.line(fmt::format("const std::int32_t term_a = {};",
                           requantize_text("a * (1 << 20)", f.scale_a)));
      out.line(fmt::format("const std::int32_t term_b = {};", requantize_text(second, f.scale_b)));
      out.line("const std::int32_t scaled =");
      out.line(fmt::format("    {};", requantize_text("term_a + term_b", f.out_scale)));
      return;
    }
    case quant::BinaryKind::kMultiply:
      out.line("const std::int32_t scaled =");
      out.line(fmt::format("    {};", requantize_text("a * b", f.out_scale)));
      return;
    case quant::BinaryKind::kPrelu:
      out.line("const std::int32_t scaled =");
      out.line(fmt::format("    a >= 0 ? {}", requantize_text("a", f.scale_a)));
      out.line(fmt::format("           : {};", requantize_text("a * b", f.out_scale)));
      return;
  }
}

}  // namespace

void write_permute(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer) {
  const auto& op = std::get<model::Permute>(node_of(model, layer).op);
  const std::vector<int> in_strides = strides_of(input_node(model, layer).shape);
  std::vector<int> strides;
  strides.reserve(op.axes.size());
  for (const int axis : op.axes) strides.push_back(in_strides[static_cast<std::size_t>(axis)]);
  write_move(out, model, layer, "permute", fmt::format("input[{}]", AxisLoops::index(strides)));
}

void write_slice(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer) {
  const auto& op = std::get<model::Slice>(node_of(model, layer).op);
  std::vector<int> strides = strides_of(input_node(model, layer).shape);
  int offset = 0;
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    offset += op.begin[axis] * strides[axis];
    strides[axis] *= op.stride[axis];
  }
  write_move(out, model, layer, "slice",
             fmt::format("input[{}]", AxisLoops::index(strides, offset)));
}

void write_pad(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer) {
  const Int8Node& node = node_of(model, layer);
  const auto& op = std::get<model::Pad>(node.op);
  const Shape& in = input_node(model, layer).shape;
  const std::vector<int> strides = strides_of(in);
  std::string inside;
  int offset = 0;
  for (std::size_t axis = 0; axis < in.size(); ++axis) {
    offset -= op.before[axis] * strides[axis];
    if (op.before[axis] == 0 && op.after[axis] == 0) continue;
    const std::string i = AxisLoops::variable(axis);
    if (!inside.empty()) inside += " && ";
    inside += fmt::format("{} >= {} && {} < {}", i, op.before[axis], i, op.before[axis] + in[axis]);
  }
  const std::string element = fmt::format("input[{}]", AxisLoops::index(strides, offset));
  const int fill = quant::quantize(op.value, node.quant);
  write_move(out, model, layer, "pad",
             inside.empty() ? element
                            : fmt::format("{}\n        ? {}\n        : std::int8_t{{{}}}", inside,
                                          element, fill));
}

void write_arithmetic(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer) {
  const Int8Node& node = node_of(model, layer);
  const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op);
  const bool has_constant = node.inputs.size() == 1;
  AxisLoops loops(out, model, layer);
  open_layer_function(out, model, layer, model::op_name(node.op));
  if (has_constant) write_constant(out, node);
  loops.open();
  std::vector<Operand> operands;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Int8Node& input = input_node(model, layer, i);
    const std::string index = AxisLoops::index(broadcast_strides(input.shape, node.shape));
    const std::string name = has_constant ? "input" : fmt::format("input_{}", i);
    operands.push_back({fmt::format("{}[{}]", name, index), input.quant.zero_point});
  }
  if (has_constant) {
    const std::string index = AxisLoops::index(broadcast_strides(constant_shape(node), node.shape));
    operands.push_back({fmt::format("constant[{}]", index), node.constant_quant.zero_point});
  }
  if (arithmetic != nullptr && arithmetic->constant == model::ConstantOperand::kFirst) {
    std::swap(operands[0], operands[1]);
  }
  write_function(out, model::binary_arithmetic(model, node), operands[0], operands[1]);
  out.line(fmt::format("output[{}] = {};", AxisLoops::index(strides_of(node.shape)),
                       code_text("scaled", node)));
  loops.close();
}

}  // namespace deepaxe::hw::hls
