#include "deepaxe/hw/hls/computing_source.h"

#include <fmt/format.h>

#include <variant>

#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/hls/layer_function.h"

namespace deepaxe::hw::hls {
namespace {

using model::Int8Model;
using model::Int8Node;

class ComputingWriter {
 public:
  ComputingWriter(SourceWriter& out, const Int8Model& model, const ComputingLayer& layer)
      : out_(out),
        node_(model.nodes[static_cast<std::size_t>(layer.plan.node)]),
        input_(input_node(model, layer.plan)),
        name_(layer.plan.name),
        multiply_(layer.multiply),
        shape_(design::layer_shape(model, layer.plan.node)),
        nest_(layer.nest),
        has_one_scale_(design::layer_arrays(model, layer.plan.node).has_one_scale()) {}

  void write(const Int8Model& model, const ComputingLayer& layer) {
    open_layer_function(out_, model, layer.plan,
                        fmt::format("{}, multiplier {}", what(), layer.multiplier));
    write_partitions();
    for (const Loop& loop : nest_.outer) out_.loop(loop);
    write_start();
    write_products();
    write_end();
    close(nest_.outer.size() + 1);
  }

 private:
  bool is_dense() const { return std::holds_alternative<model::Dense>(node_.op); }
  bool has_lanes() const { return nest_.lanes.bound > 1; }
  std::string sum() const {
    return has_lanes() ? fmt::format("sums[{}]", nest_.lanes.variable) : "sum";
  }
  void close(std::size_t blocks) {
    for (std::size_t i = 0; i < blocks; ++i) out_.close();
  }

  std::string what() const {
    if (is_dense()) return "dense";
    const bool is_grouped = shape_.groups > 1 && std::holds_alternative<model::Conv2d>(node_.op);
    return fmt::format("{} {}{}", op_name(node_.op), design::describe(shape_.window),
                       is_grouped ? fmt::format(", {} groups", shape_.groups) : "");
  }

  // Memories that give every copy of the body its own weight in one cycle.
  void write_partitions() {
    const auto partition = [&](int parts, int axis) {
      if (parts == 1) return;
      out_.line(fmt::format("DEEPAXE_PARTITION({}_weights, {}, {})", name_, parts, axis));
    };
    partition(nest_.lanes.directives.unroll, 1);
    partition(nest_.weight_parts, 2);
  }

  // `body` for every sum that is kept; `o` is its output.
  template <typename Body>
  void for_each_lane(const char* step, Body body) {
    if (!has_lanes()) return body();
    Loop loop = nest_.lanes;
    loop.label = fmt::format("{}_{}", nest_.lanes.label, step);
    out_.loop(loop);
    if (nest_.has_group_loop()) {
      out_.line(fmt::format("const int o = group * {} + lane;", nest_.lanes.bound));
    }
    if (nest_.is_last_group_short) out_.open(fmt::format("if (o < {})", shape_.out_c));
    body();
    if (nest_.is_last_group_short) out_.close();
    out_.close();
  }

  void write_start() {
    if (!has_lanes()) {
      out_.line(fmt::format("std::int32_t sum = {}_bias[o];", name_));
      return;
    }
    out_.line(fmt::format("std::int32_t sums[{}];", nest_.lanes.bound));
    if (nest_.lanes.directives.unroll > 1) {
      out_.line(fmt::format("DEEPAXE_PARTITION(sums, {}, 1)", nest_.lanes.directives.unroll));
    }
    for_each_lane("start", [&] { out_.line(fmt::format("{} = {}_bias[o];", sum(), name_)); });
  }

  void write_products() {
    for (const Loop& loop : nest_.inner) {
      out_.loop(loop);
      if (loop.variable == "j") write_position(out_, shape_);
    }
    // Lanes share the element they multiply unless each output reads channels of its own.
    const bool is_shared = shape_.groups == 1;
    if (is_shared) write_code();
    for_each_lane("products", [&] {
      if (!is_shared) write_code();
      out_.line(
          fmt::format("const std::int8_t weight = {}_weights[o][{}];", name_, weight_index()));
      out_.line(fmt::format("{0} = accumulate({0}, {1}(code, weight));", sum(), multiply_));
    });
    close(nest_.inner.size());
  }

  // Padding is real 0, whose code is the zero point, and is multiplied like any activation.
  void write_code() {
    const std::string element = fmt::format("input[{}]", element_index());
    if (!shape_.is_padded()) {
      out_.line(fmt::format("const std::int8_t code = {};", element));
      return;
    }
    out_.line("const std::int8_t code =");
    out_.line(
        fmt::format("    inside ? {} : std::int8_t{{{}}};", element, input_.quant.zero_point));
  }

  std::string element_index() const {
    if (!is_dense()) return index_text("row", shape_.in_w, "column", shape_.in_c, channel());
    return shape_.out_h > 1 ? fmt::format("p * {} + c", shape_.in_c) : "c";
  }

  // The input channel of output o and the group's channel c.
  std::string channel() const {
    if (shape_.groups == 1) return shape_.in_c == 1 ? "0" : "c";
    const int in = shape_.group_in(), out = shape_.group_out();
    const std::string group = out == 1 ? "o" : fmt::format("o / {}", out);
    return in == 1 ? group : fmt::format("{} * {} + c", group, in);
  }

  std::string weight_index() const {
    if (is_dense()) return "c";
    return index_text("i", shape_.window.kernel_w, "j", shape_.group_in(),
                      shape_.group_in() == 1 ? "0" : "c");
  }

  std::string output_index() const {
    if (!is_dense()) {
      return index_text("y", shape_.out_w, "x", shape_.out_c, shape_.out_c == 1 ? "0" : "o");
    }
    return shape_.out_h > 1 ? fmt::format("p * {} + o", shape_.out_c) : "o";
  }

  // Rounds, adds the zero point, clamps and stores.
  void write_end() {
    for_each_lane("end", [&] {
      const bool is_single = node_.rounding == quant::Rounding::kSingle;
      const std::string suffix = has_one_scale_ ? "" : "s[o]";
      out_.line("const std::int32_t scaled =");
      out_.line(fmt::format("    requantize_{0}({1}, {2}_mantissa{3}, {2}_shift{3});",
                            is_single ? "single" : "double", sum(), name_, suffix));
      out_.line(fmt::format("output[{}] = {};", output_index(), code_text("scaled", node_)));
    });
  }

  SourceWriter& out_;
  const Int8Node& node_;
  const Int8Node& input_;
  const std::string& name_;
  const std::string& multiply_;
  design::LayerShape shape_;
  const Nest& nest_;
  bool has_one_scale_;
};

}  // namespace

void write_computing_layer(SourceWriter& out, const Int8Model& model, const ComputingLayer& layer) {
  ComputingWriter(out, model, layer).write(model, layer);
}

}  // namespace deepaxe::hw::hls
