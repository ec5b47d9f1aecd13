#include "deepaxe/hw/hls/elementwise_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <variant>
#include <vector>

#include "deepaxe/hw/hls/layer_function.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;
using model::Int8Node;
using quant::RequantScale;

double ratio(float numerator, float denominator) { return double{numerator} / double{denominator}; }

class ElementwiseWriter {
 public:
  ElementwiseWriter(SourceWriter& out, const Int8Model& model, const LayerPlan& layer)
      : out_(out),
        model_(model),
        layer_(layer),
        node_(model.nodes[static_cast<std::size_t>(layer.node)]),
        input_(input_node(model, layer)) {}

  void operator()(const model::Pool& op) { write_pool(op.kind, op.window); }
  void operator()(const model::GlobalPool& op);
  void operator()(const model::Activate& op);
  void operator()(const model::Add&);
  void operator()(const model::Concatenate& op);
  void operator()(const model::Pad& op) { write_frame("pad", op.top, op.left); }
  void operator()(const model::Crop& op) { write_frame("crop", -op.top, -op.left); }
  void operator()(const model::Permute& op);
  template <typename Other>
  void operator()(const Other&) {}  // make_plan admits no other op.

 private:
  void open(std::string_view what) { open_layer_function(out_, model_, layer_, what); }
  void loop(std::string_view axis, std::string_view variable, int bound) {
    out_.loop(fmt::format("{}_{}", layer_.name, axis), variable, bound);
  }
  void close(int blocks) {
    for (int i = 0; i < blocks; ++i) out_.close();
  }
  void open_image_loops();
  void write_pool(model::PoolKind kind, const model::Window& window);
  void write_mean();
  void write_frame(std::string_view what, int top, int left);
  std::string moved_code(const Int8Node& from, const std::string& element) const;

  SourceWriter& out_;
  const Int8Model& model_;
  const LayerPlan& layer_;
  const Int8Node& node_;
  const Int8Node& input_;
};

// Over [height, width, channels] of the output: y, x, c.
void ElementwiseWriter::open_image_loops() {
  loop("rows", "y", node_.shape[0]);
  loop("columns", "x", node_.shape[1]);
  loop("channels", "c", node_.shape[2]);
}

void ElementwiseWriter::write_pool(model::PoolKind kind, const model::Window& window) {
  const bool is_max = kind == model::PoolKind::kMax;
  const int height = node_.shape.size() == 3 ? node_.shape[0] : 1;
  const int width = node_.shape.size() == 3 ? node_.shape[1] : 1;
  const int channels = model::num_channels(node_.shape);
  const WindowShape shape{.in_h = input_.shape[0],
                          .in_w = input_.shape[1],
                          .out_h = height,
                          .out_w = width,
                          .window = window};
  open((is_max ? "max_pool " : "average_pool ") + describe(window));
  loop("rows", "y", height);
  loop("columns", "x", width);
  loop("channels", "c", channels);
  out_.line(is_max ? "std::int32_t largest = -128;" : "std::int32_t sum = 0;");
  if (!is_max) out_.line("std::int32_t count = 0;");
  loop("kernel_rows", "i", window.kernel_h);
  loop("kernel_columns", "j", window.kernel_w);
  out_.line("DEEPAXE_PIPELINE");
  write_position(out_, shape);
  if (shape.is_padded()) out_.open("if (inside)");
  out_.line(fmt::format("const std::int8_t code = input[{}];",
                        index_text("row", shape.in_w, "column", channels, "c")));
  if (is_max) {
    out_.line("largest = code > largest ? code : largest;");
  } else {
    out_.line("sum += code;");
    out_.line("++count;");
  }
  close(shape.is_padded() ? 3 : 2);
  const std::string value = is_max ? "largest" : "divide_rounded(sum, count)";
  out_.line(fmt::format("output[{}] = clamp_code({}, {}, {});",
                        index_text("y", width, "x", channels, "c"), value, node_.clamp_low,
                        node_.clamp_high));
  close(4);
}

void ElementwiseWriter::operator()(const model::GlobalPool& op) {
  if (op.kind == model::PoolKind::kMax) {
    write_pool(op.kind, {.kernel_h = input_.shape[0], .kernel_w = input_.shape[1]});
  } else {
    write_mean();
  }
}

// As TFLite's MEAN: the division by the number of positions is folded into the mantissa, truncated,
// after floor(log2(positions)) more bits have been shifted in (the shift stays >= -31).
void ElementwiseWriter::write_mean() {
  const int channels = model::num_channels(input_.shape);
  const int positions = input_.shape[0] * input_.shape[1];
  RequantScale scale = quant::make_requant_scale(ratio(input_.quant.scale, node_.quant.scale));
  const int log2_positions = static_cast<int>(std::bit_width(static_cast<unsigned>(positions))) - 1;
  const int extra_bits = std::min(log2_positions, 31 + scale.shift);
  scale.mantissa =
      static_cast<std::int32_t>((std::int64_t{scale.mantissa} << extra_bits) / positions);
  scale.shift -= extra_bits;

  open("global_average_pool");
  loop("channels", "c", channels);
  out_.line("std::int32_t sum = 0;");
  loop("positions", "p", positions);
  out_.line("DEEPAXE_PIPELINE");
  out_.line(fmt::format("sum += input[{}];", index_text("p", channels, "c", 1, "0")));
  out_.close();
  out_.line("// The zero point of every position leaves the sum; the factor holds 1 / positions.");
  const auto offset = static_cast<std::int32_t>(input_.quant.zero_point * positions);
  out_.line(
      fmt::format("const std::int32_t scaled = {};", requantize_text(plus("sum", -offset), scale)));
  out_.line(fmt::format("output[c] = {};", code_text("scaled", node_)));
  close(2);
}

void ElementwiseWriter::operator()(const model::Activate& op) {
  const double factor = ratio(input_.quant.scale, node_.quant.scale);
  const bool relu = op.activation.kind == model::ActivationKind::kRelu;
  const double slope = relu ? double{op.activation.negative_slope} : 1.0;
  std::int32_t high = node_.clamp_high;
  if (relu && op.activation.has_max) {
    high = std::min<std::int32_t>(high, quant::quantize(op.activation.max_value, node_.quant));
  }
  open("activation");
  loop("elements", "e", static_cast<int>(model::num_elements(node_.shape)));
  out_.line("DEEPAXE_PIPELINE");
  out_.line(fmt::format("const std::int32_t difference = {};",
                        plus("input[e]", -input_.quant.zero_point)));
  const RequantScale scale = quant::make_requant_scale(factor);
  const RequantScale negative = quant::make_requant_scale(factor * slope);
  out_.line("const std::int32_t scaled =");
  if (scale == negative) {
    out_.line(fmt::format("    {};", requantize_text("difference", scale)));
  } else {
    out_.line(fmt::format("    difference >= 0 ? {}", requantize_text("difference", scale)));
    out_.line(fmt::format("                    : {};", requantize_text("difference", negative)));
  }
  out_.line(fmt::format("output[e] = {};",
                        code_text("scaled", node_.quant.zero_point, node_.clamp_low, high)));
  close(2);
}

// As TFLite's ADD: both differences, shifted left by 20 bits, are brought to twice the larger
// scale, added, and brought to the output's scale. 9 + 20 + 1 bits: no sum overflows.
void ElementwiseWriter::operator()(const model::Add&) {
  const Int8Node* inputs[] = {&input_, &input_node(model_, layer_, 1)};
  const double twice_larger =
      2.0 * double{std::max(inputs[0]->quant.scale, inputs[1]->quant.scale)};
  open("add");
  loop("elements", "e", static_cast<int>(model::num_elements(node_.shape)));
  out_.line("DEEPAXE_PIPELINE");
  for (const int i : {0, 1}) {
    const quant::QuantParams& quant = inputs[i]->quant;
    const RequantScale scale = quant::make_requant_scale(double{quant.scale} / twice_larger);
    const std::string difference =
        fmt::format("({}) * (1 << 20)", plus(fmt::format("input_{}[e]", i), -quant.zero_point));
    out_.line(fmt::format("const std::int32_t term_{} =", i));
    out_.line(fmt::format("    {};", requantize_text(difference, scale)));
  }
  const RequantScale out_scale =
      quant::make_requant_scale(twice_larger / (double{node_.quant.scale} * (1 << 20)));
  out_.line("const std::int32_t scaled =");
  out_.line(fmt::format("    {};", requantize_text("term_0 + term_1", out_scale)));
  out_.line(fmt::format("output[e] = {};", code_text("scaled", node_)));
  close(2);
}

// A code that changes its tensor: as it is, or rescaled where scale or zero point differ.
std::string ElementwiseWriter::moved_code(const Int8Node& from, const std::string& element) const {
  if (from.quant == node_.quant) {
    return element;
  }
  const RequantScale scale = quant::make_requant_scale(ratio(from.quant.scale, node_.quant.scale));
  const std::string difference = plus(element, -from.quant.zero_point);
  return code_text("\n        " + requantize_text(difference, scale), node_.quant.zero_point, -128,
                   127);
}

void ElementwiseWriter::operator()(const model::Concatenate& op) {
  const auto axis = node_.shape.begin() + op.axis;
  int outer = 1;
  for (auto size = node_.shape.begin(); size != axis; ++size) outer *= *size;
  const int stride = static_cast<int>(model::num_elements(node_.shape)) / outer;
  int first = 0;
  open(fmt::format("concatenate along axis {}", op.axis));
  for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
    const Int8Node& input = input_node(model_, layer_, i);
    const int length = static_cast<int>(model::num_elements(input.shape)) / outer;
    loop(fmt::format("outer_{}", i), "r", outer);
    loop(fmt::format("part_{}", i), "e", length);
    out_.line("DEEPAXE_PIPELINE");
    const std::string name = node_.inputs.size() == 1 ? "input" : fmt::format("input_{}", i);
    const std::string element = fmt::format("{}[r * {} + e]", name, length);
    out_.line(fmt::format("output[{}] =", plus(fmt::format("r * {} + e", stride), first)));
    out_.line(fmt::format("    {};", moved_code(input, element)));
    close(2);
    first += length;
  }
  close(1);
}

// Element (0, 0) of the input lands at (top, left); what is left is real 0, the zero point.
void ElementwiseWriter::write_frame(std::string_view what, int top, int left) {
  open(what);
  open_image_loops();
  out_.line("DEEPAXE_PIPELINE");
  const int channels = node_.shape[2];
  out_.line(fmt::format("const int row = {};", plus("y", -top)));
  out_.line(fmt::format("const int column = {};", plus("x", -left)));
  out_.line(fmt::format("const bool inside = row >= 0 && row < {} && column >= 0 && column < {};",
                        input_.shape[0], input_.shape[1]));
  const std::string element =
      fmt::format("input[{}]", index_text("row", input_.shape[1], "column", channels, "c"));
  out_.line(fmt::format("output[{}] =", index_text("y", node_.shape[1], "x", channels, "c")));
  out_.line(fmt::format("    inside ? {} : std::int8_t{{{}}};", element, input_.quant.zero_point));
  close(4);
}

// Output axis i is input axis axes[i]: one loop for each output axis.
void ElementwiseWriter::operator()(const model::Permute& op) {
  const std::size_t rank = node_.shape.size();
  std::vector<int> in_strides(rank, 1);
  for (std::size_t axis = rank; axis-- > 1;) {
    in_strides[axis - 1] = in_strides[axis] * input_.shape[axis];
  }
  open("permute");
  std::string from, to;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::string variable = fmt::format("i{}", axis);
    loop(fmt::format("axis_{}", axis), variable, node_.shape[axis]);
    const int stride = in_strides[static_cast<std::size_t>(op.axes[axis])];
    from += fmt::format("{}{} * {}", axis == 0 ? "" : " + ", variable, stride);
    const std::string place = axis < 2 ? to : "(" + to + ")";
    to = axis == 0 ? variable : fmt::format("{} * {} + {}", place, node_.shape[axis], variable);
  }
  out_.line("DEEPAXE_PIPELINE");
  out_.line(fmt::format("output[{}] = input[{}];", to, from));
  close(static_cast<int>(rank) + 1);
}

}  // namespace

void write_elementwise_layer(SourceWriter& out, const Int8Model& model, const LayerPlan& layer) {
  const Int8Node& node = model.nodes[static_cast<std::size_t>(layer.node)];
  std::visit(ElementwiseWriter(out, model, layer), node.op);
}

}  // namespace deepaxe::hw::hls
