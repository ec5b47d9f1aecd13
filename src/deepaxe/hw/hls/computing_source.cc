#include "deepaxe/hw/hls/computing_source.h"

#include <fmt/format.h>

#include <variant>

#include "deepaxe/hw/hls/layer_function.h"
#include "deepaxe/hw/hls/weight_source.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;
using model::Int8Node;

struct Context {
  SourceWriter& out;
  const Int8Node& node;
  const Int8Node& input;
  const std::string& name;
  const std::string& multiply;
  design::LayerShape shape;
  bool one_scale;
};

// Rounds, adds the zero point, clamps and stores the sum `acc` of output o.
void write_store(const Context& c, const std::string& index) {
  const bool single = c.node.rounding == quant::Rounding::kSingle;
  const std::string suffix = c.one_scale ? "" : "s[o]";
  c.out.line("const std::int32_t scaled =");
  c.out.line(fmt::format("    requantize_{0}(acc, {1}_mantissa{2}, {1}_shift{2});",
                         single ? "single" : "double", c.name, suffix));
  c.out.line(fmt::format("output[{}] = {};", index, code_text("scaled", c.node)));
}

// The input channel of output o and the group's channel c.
std::string channel_text(const design::LayerShape& shape) {
  if (shape.groups == 1) {
    return shape.in_c == 1 ? "0" : "c";
  }
  const int in = shape.group_in(), out = shape.group_out();
  const std::string group = out == 1 ? "o" : fmt::format("o / {}", out);
  return in == 1 ? group : fmt::format("{} * {} + c", group, in);
}

// The element a padded or plain window reads; padding is real 0, whose code is the zero point, and
// is multiplied like any activation.
void write_product(const Context& c) {
  const design::LayerShape& shape = c.shape;
  const std::string element = fmt::format(
      "input[{}]", index_text("row", shape.in_w, "column", shape.in_c, channel_text(shape)));
  if (shape.is_padded()) {
    c.out.line("const std::int8_t code =");
    c.out.line(
        fmt::format("    inside ? {} : std::int8_t{{{}}};", element, c.input.quant.zero_point));
  } else {
    c.out.line(fmt::format("const std::int8_t code = {};", element));
  }
  c.out.line(fmt::format("const std::int8_t weight = {}_weights[o][{}];", c.name,
                         index_text("i", shape.window.kernel_w, "j", shape.group_in(),
                                    shape.group_in() == 1 ? "0" : "c")));
  c.out.line(fmt::format("acc = accumulate(acc, {}(code, weight));", c.multiply));
}

void write_window_sum(const Context& c) {
  const design::LayerShape& shape = c.shape;
  c.out.line(fmt::format("std::int32_t acc = {}_bias[o];", c.name));
  c.out.loop(c.name + "_kernel_rows", "i", shape.window.kernel_h);
  c.out.loop(c.name + "_kernel_columns", "j", shape.window.kernel_w);
  const bool has_channel_loop = shape.group_in() > 1;
  if (!has_channel_loop) c.out.line("DEEPAXE_PIPELINE");
  write_position(c.out, shape);
  if (has_channel_loop) {
    c.out.loop(c.name + "_inputs", "c", shape.group_in());
    c.out.line("DEEPAXE_PIPELINE");
  }
  write_product(c);
  if (has_channel_loop) c.out.close();
  c.out.close();
  c.out.close();
}

void write_convolution(const Context& c) {
  const design::LayerShape& shape = c.shape;
  c.out.loop(c.name + "_rows", "y", shape.out_h);
  c.out.loop(c.name + "_columns", "x", shape.out_w);
  c.out.loop(c.name + "_outputs", "o", shape.out_c);
  write_window_sum(c);
  write_store(c, index_text("y", shape.out_w, "x", shape.out_c, shape.out_c == 1 ? "0" : "o"));
  c.out.close();
  c.out.close();
  c.out.close();
}

void write_dense(const Context& c) {
  const design::LayerShape& shape = c.shape;
  const bool several = shape.out_h > 1;  // The layer is applied at every position.
  if (several) {
    c.out.loop(c.name + "_positions", "p", shape.out_h);
  }
  c.out.loop(c.name + "_outputs", "o", shape.out_c);
  c.out.line(fmt::format("std::int32_t acc = {}_bias[o];", c.name));
  c.out.loop(c.name + "_inputs", "c", shape.in_c);
  c.out.line("DEEPAXE_PIPELINE");
  c.out.line(fmt::format("acc = accumulate(acc, {}(input[{}], {}_weights[o][c]));", c.multiply,
                         several ? fmt::format("p * {} + c", shape.in_c) : "c", c.name));
  c.out.close();
  write_store(c, several ? fmt::format("p * {} + o", shape.out_c) : "o");
  c.out.close();
  if (several) {
    c.out.close();
  }
}

}  // namespace

void write_computing_layer(SourceWriter& out, const Int8Model& model,
                           const design::LayerPlan& layer, const std::string& multiply,
                           const std::string& multiplier) {
  const Int8Node& node = model.nodes[static_cast<std::size_t>(layer.node)];
  const Context context{.out = out,
                        .node = node,
                        .input = input_node(model, layer),
                        .name = layer.name,
                        .multiply = multiply,
                        .shape = design::layer_shape(model, layer.node),
                        .one_scale = design::layer_arrays(model, layer.node).has_one_scale()};
  const bool dense = std::holds_alternative<model::Dense>(node.op);
  std::string what(op_name(node.op));
  if (!dense) {
    what += " " + design::describe(context.shape.window);
  }
  if (context.shape.groups > 1 && std::holds_alternative<model::Conv2d>(node.op)) {
    what += fmt::format(", {} groups", context.shape.groups);
  }
  open_layer_function(out, model, layer, fmt::format("{}, multiplier {}", what, multiplier));
  if (dense) {
    write_dense(context);
  } else {
    write_convolution(context);
  }
  out.close();
}

}  // namespace deepaxe::hw::hls
