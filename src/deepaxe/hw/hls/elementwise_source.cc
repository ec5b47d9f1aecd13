#include "deepaxe/hw/hls/elementwise_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <variant>
#include <vector>

#include "deepaxe/hw/hls/indexed_source.h"
#include "deepaxe/hw/hls/layer_function.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;
using model::Int8Node;
using quant::RequantScale;

double ratio(float numerator, float denominator) { return double{numerator} / double{denominator}; }

class ElementwiseWriter {
 public:
  ElementwiseWriter(SourceWriter& out, const Int8Model& model, const design::LayerPlan& layer,
                    Profile profile)
      : out_(out),
        model_(model),
        layer_(layer),
        profile_(profile),
        node_(model.nodes[static_cast<std::size_t>(layer.node)]),
        input_(input_node(model, layer)) {}

  void operator()(const model::Pool& op) { write_pool(op.kind, op.window); }
  void operator()(const model::GlobalPool& op);
  void operator()(const model::Activate& op);
  void operator()(const model::Concatenate& op);
  void operator()(const model::Reshape&) { write_flatten(); }
  void operator()(const model::Pad&) { write_pad(out_, model_, layer_); }
  void operator()(const model::Slice&) { write_slice(out_, model_, layer_); }
  void operator()(const model::Permute&) { write_permute(out_, model_, layer_); }
  void operator()(const model::Arithmetic&) { write_arithmetic(out_, model_, layer_); }
  void operator()(const model::Prelu&) { write_arithmetic(out_, model_, layer_); }
  template <typename Other>
  void operator()(const Other&) {}  // design::make_plan admits no other op.

 private:
  void open(std::string_view what) { open_layer_function(out_, model_, layer_, what); }
  void loop(std::string_view axis, const char* variable, int bound, Directives directives = {}) {
    out_.loop({.label = fmt::format("{}_{}", layer_.name, axis),
               .variable = variable,
               .bound = bound,
               .directives = directives});
  }
  void close(int blocks) {
    for (int i = 0; i < blocks; ++i) out_.close();
  }
  void write_pool(model::PoolKind kind, const model::Window& window);
  void write_mean();
  void write_flatten();
  void write_rectifier(const model::Activation& activation);
  void write_table();
  std::string moved_code(const Int8Node& from, const std::string& element) const;

  SourceWriter& out_;
  const Int8Model& model_;
  const design::LayerPlan& layer_;
  Profile profile_;
  const Int8Node& node_;
  const Int8Node& input_;
};

void ElementwiseWriter::write_pool(model::PoolKind kind, const model::Window& window) {
  const bool is_max = kind == model::PoolKind::kMax;
  const int height = node_.shape.size() == 3 ? node_.shape[0] : 1;
  const int width = node_.shape.size() == 3 ? node_.shape[1] : 1;
  const int channels = model::num_channels(node_.shape);
  const design::WindowShape shape{.in_h = input_.shape[0],
                                  .in_w = input_.shape[1],
                                  .out_h = height,
                                  .out_w = width,
                                  .window = window};
  open((is_max ? "max_pool " : "average_pool ") + design::describe(window));
  loop("rows", "y", height);
  loop("columns", "x", width);
  const bool is_paper = profile_ == Profile::kDeephls;
  const auto kernel = [&](int size) {
    return is_paper ? Directives{.unroll = size} : Directives{};
  };
  loop("channels", "c", channels, {.pipeline = is_paper ? 2 : 0});
  out_.line(is_max ? "std::int32_t largest = -128;" : "std::int32_t sum = 0;");
  if (!is_max) out_.line("std::int32_t count = 0;");
  loop("kernel_rows", "i", window.kernel_h, kernel(window.kernel_h));
  loop("kernel_columns", "j", window.kernel_w, kernel(window.kernel_w));
  if (!is_paper) out_.line("DEEPAXE_PIPELINE(1)");
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

// Code by code, for plans in which a flatten is a layer.
void ElementwiseWriter::write_flatten() {
  const model::Shape& shape = input_.shape;
  open("flatten");
  loop("rows", "y", shape[0]);
  loop("columns", "x", shape[1]);
  loop("channels", "c", shape[2]);
  const std::string index = index_text("y", shape[1], "x", shape[2], shape[2] == 1 ? "0" : "c");
  out_.line(fmt::format("output[{0}] = input[{0}];", index));
  close(4);
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
  out_.line("DEEPAXE_PIPELINE(1)");
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
  open("activation");
  const model::ActivationKind kind = op.activation.kind;
  if (kind == model::ActivationKind::kNone || kind == model::ActivationKind::kRelu) {
    write_rectifier(op.activation);
  } else {
    write_table();
  }
  close(2);
}

void ElementwiseWriter::write_rectifier(const model::Activation& activation) {
  const bool relu = activation.kind == model::ActivationKind::kRelu;
  const quant::Rescale rescale =
      relu ? quant::make_leaky_rescale(input_.quant, node_.quant, activation.negative_slope)
           : quant::make_rescale(input_.quant, node_.quant);
  std::int32_t high = node_.clamp_high;
  if (relu && activation.has_max) {
    high = std::min<std::int32_t>(high, quant::quantize(activation.max_value, node_.quant));
  }
  loop("elements", "e", static_cast<int>(model::num_elements(node_.shape)));
  out_.line("DEEPAXE_PIPELINE(1)");
  out_.line(fmt::format("const std::int32_t difference = {};",
                        plus("input[e]", -input_.quant.zero_point)));
  out_.line("const std::int32_t scaled =");
  if (rescale.scale == rescale.negative_scale && !rescale.negates) {
    out_.line(fmt::format("    {};", requantize_text("difference", rescale.scale)));
  } else {
    const std::string_view below = rescale.negates ? "-difference" : "difference";
    out_.line(
        fmt::format("    difference >= 0 ? {}", requantize_text("difference", rescale.scale)));
    out_.line(
        fmt::format("                    : {};", requantize_text(below, rescale.negative_scale)));
  }
  out_.line(fmt::format("output[e] = {};",
                        code_text("scaled", node_.quant.zero_point, node_.clamp_low, high)));
}

// Functions without an integer formula: TFLite too looks them up by code.
void ElementwiseWriter::write_table() {
  const quant::CodeTable table = model::activation_table(node_, input_.quant);
  std::vector<std::int32_t> values;
  for (int code = -128; code <= 127; ++code) {
    values.push_back(table[static_cast<std::uint8_t>(static_cast<std::int8_t>(code))]);
  }
  out_.open("static const std::int8_t table[256] =");
  out_.numbers(values);
  out_.close(";");
  loop("elements", "e", static_cast<int>(model::num_elements(node_.shape)));
  out_.line("DEEPAXE_PIPELINE(1)");
  out_.line("output[e] = table[input[e] + 128];");
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
    out_.line("DEEPAXE_PIPELINE(1)");
    const std::string name = node_.inputs.size() == 1 ? "input" : fmt::format("input_{}", i);
    const std::string element = fmt::format("{}[r * {} + e]", name, length);
    out_.line(fmt::format("output[{}] =", plus(fmt::format("r * {} + e", stride), first)));
    out_.line(fmt::format("    {};", moved_code(input, element)));
    close(2);
    first += length;
  }
  close(1);
}

}  // namespace

void write_elementwise_layer(SourceWriter& out, const Int8Model& model,
                             const design::LayerPlan& layer, Profile profile) {
  const Int8Node& node = model.nodes[static_cast<std::size_t>(layer.node)];
  std::visit(ElementwiseWriter(out, model, layer, profile), node.op);
}

}  // namespace deepaxe::hw::hls
