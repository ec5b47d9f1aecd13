#include "deepaxe/hw/verilog/elementwise_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <variant>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/verilog/affine_view.h"
#include "deepaxe/hw/verilog/arithmetic_module.h"
#include "deepaxe/hw/verilog/concatenate_module.h"
#include "deepaxe/model/integer_functions.h"
#include "deepaxe/quant/activation.h"

namespace deepaxe::hw::verilog {
namespace {

using model::Int8Node;

std::string number(std::int64_t value) { return fmt::format("{}", value); }

class ElementwiseWriter {
 public:
  ElementwiseWriter(design::SourceFiles& files, const LayerModule& layer)
      : files_(files), layer_(layer), walk_(layer.walk) {}

  void operator()(const model::Pool& op) { write_pool(op.kind, op.window); }
  void operator()(const model::GlobalPool& op) {
    if (op.kind == model::PoolKind::kMax) {
      write_pool(op.kind, walk_.window);
    } else {
      write_mean();
    }
  }
  void operator()(const model::Activate&);
  void operator()(const model::Pad& op) {
    write_pointwise("pad", pad_view(layer_, op), {},
                    quant::quantize(op.value, layer_.node().quant));
  }
  void operator()(const model::Slice& op) { write_pointwise("slice", slice_view(layer_, op), {}); }
  void operator()(const model::Permute& op) {
    write_pointwise("permute", permute_view(layer_, op), {});
  }
  void operator()(const model::Arithmetic&) { write_arithmetic_module(files_, layer_); }
  void operator()(const model::Prelu&) { write_arithmetic_module(files_, layer_); }
  void operator()(const model::Concatenate& op) { write_concatenate_module(files_, layer_, op); }
  template <typename Other>
  void operator()(const Other&) {
    throw base::InputError({layer_.model.name, layer_.node().name,
                            std::string(model::op_name(layer_.node().op)),
                            "a layer that the Verilog engine has"});
  }

 private:
  void write_pool(model::PoolKind kind, const model::Window& window);
  void write_mean();
  void write_pointwise(const std::string& what, const AffineView& view,
                       const std::string& table_file, int fill = 0);
  int add_reciprocals();
  void add_module(const std::string& what, const std::string& body) {
    files_[layer_.name() + ".v"] = module_head(layer_, what) + body + "endmodule\n";
  }

  design::SourceFiles& files_;
  const LayerModule& layer_;
  const design::LayerWalk& walk_;
};

// 2^shift / n, rounded up. Dividends are at most 128 n + n / 2 of the largest n: below 2^bits. The
// quotient is exact because n times the error of the reciprocal, below n, stays below 2^shift.
int ElementwiseWriter::add_reciprocals() {
  const std::int64_t area = walk_.depth();
  const int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(129 * area)));
  const int shift = bits + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(area)));
  std::string text = hex_text(0, shift + 1) + '\n';
  for (std::int64_t n = 1; n <= area; ++n) {
    text += hex_text(((std::int64_t{1} << shift) + n - 1) / n, shift + 1) + '\n';
  }
  files_[layer_.file("reciprocals")] = text;
  return shift;
}

void ElementwiseWriter::write_pool(model::PoolKind kind, const model::Window& window) {
  const bool is_max = kind == model::PoolKind::kMax;
  Connections parameters = pool_parameters(layer_);
  for (auto& parameter : source_parameters(layer_)) parameters.push_back(std::move(parameter));
  if (!is_max) {
    parameters.emplace_back("RECIPROCAL_SHIFT", number(add_reciprocals()));
    parameters.emplace_back("RECIPROCALS_FILE", fmt::format("\"{}\"", layer_.file("reciprocals")));
  }
  Connections ports = source_ports(layer_);
  ports.emplace_back("code_valid", "code_valid");
  ports.emplace_back("code", "code");
  const std::string module = is_max ? "max_pool" : "average_pool";
  add_module(fmt::format("{} {}", module, design::describe(window)),
             instance_text(module, "pool", parameters, ports));
}

// As TFLite's MEAN: the division by the number of positions is folded into the mantissa, truncated,
// after floor(log2(positions)) more bits have been shifted in (the shift stays >= -31).
void ElementwiseWriter::write_mean() {
  const quant::QuantParams& in = layer_.input(0).quant;
  const int positions = walk_.depth();
  quant::RequantScale scale =
      quant::make_requant_scale(double{in.scale} / double{layer_.node().quant.scale});
  const int log2_positions = static_cast<int>(std::bit_width(static_cast<unsigned>(positions))) - 1;
  const int extra_bits = std::min(log2_positions, 31 + scale.shift);
  scale.mantissa =
      static_cast<std::int32_t>((std::int64_t{scale.mantissa} << extra_bits) / positions);
  scale.shift -= extra_bits;
  Requantization r = with_one_scale(scale, -in.zero_point * positions);
  r.channels = walk_.out.channels;
  r.interval = walk_.interval;

  const Connections memory = source_parameters(layer_);
  std::string text =
      "    wire sum_valid;\n    wire [31:0] sum;\n"
      "    wire " +
      range_text(index_bits(r.channels)) + " bias_channel, scale_channel;\n\n";
  Connections ports = source_ports(layer_);
  ports.emplace_back("sum_valid", "sum_valid");
  ports.emplace_back("sum", "sum");
  text += instance_text("mean", "sums",
                        {{"INPUT_HEIGHT", number(walk_.in.rows)},
                         {"INPUT_WIDTH", number(walk_.in.columns)},
                         {"CHANNELS", number(walk_.in.channels)},
                         {"PERIOD", number(walk_.period())},
                         memory[0],
                         memory[3],
                         memory[4]},
                        ports);
  add_module("global_average_pool", text + '\n' + requantizer_text(layer_, r));
}

void ElementwiseWriter::operator()(const model::Activate&) {
  const quant::CodeTable table = model::activation_table(layer_.node(), layer_.input(0).quant);
  std::string text;
  for (const std::int8_t code : table) text += hex_text(code, 8) + '\n';
  files_[layer_.file("table")] = text;
  write_pointwise("activation", same_view(layer_, 0), layer_.file("table"));
}

void ElementwiseWriter::write_pointwise(const std::string& what, const AffineView& view,
                                        const std::string& table_file, int fill) {
  Connections parameters = {{"LINES", number(walk_.out.rows)},
                            {"COLUMNS", number(walk_.out.columns)},
                            {"CHANNELS", number(walk_.out.channels)},
                            {"OFFSET", number(view.offset)},
                            {"LINE", number(view.line)},
                            {"COLUMN", number(view.column)},
                            {"CHANNEL", number(view.channel)},
                            {"LINE_FROM", number(view.line_from)},
                            {"LINE_TO", number(view.line_to)},
                            {"COLUMN_FROM", number(view.column_from)},
                            {"COLUMN_TO", number(view.column_to)},
                            {"CHANNEL_FROM", number(view.channel_from)},
                            {"CHANNEL_TO", number(view.channel_to)},
                            {"FILL", number(fill)},
                            {"USES_TABLE", table_file.empty() ? "0" : "1"},
                            {"TABLE_FILE", fmt::format("\"{}\"", table_file)}};
  for (auto& parameter : source_parameters(layer_)) parameters.push_back(std::move(parameter));
  Connections ports = source_ports(layer_);
  ports.emplace_back("code_valid", "code_valid");
  ports.emplace_back("code", "code");
  add_module(what, instance_text("pointwise", "move", parameters, ports));
}

}  // namespace

void write_elementwise_module(design::SourceFiles& files, const LayerModule& layer) {
  std::visit(ElementwiseWriter(files, layer), layer.node().op);
}

}  // namespace deepaxe::hw::verilog
