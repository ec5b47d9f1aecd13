#include "deepaxe/hw/verilog/arithmetic_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/design/row_timing.h"
#include "deepaxe/hw/verilog/affine_view.h"
#include "deepaxe/model/integer_functions.h"
#include "deepaxe/quant/arithmetic.h"

namespace deepaxe::hw::verilog {
namespace {

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// One operand: how it is addressed, and where its code comes from.
struct Operand {
  AffineView view;
  MemoryShape memory;
  design::RowNeeds needs;
  std::string rows_ready, code;
};

Operand tensor_operand(const LayerModule& layer, std::size_t input) {
  const std::size_t memory = layer.memory_of_input(input);
  return {.view = same_view(layer, input),
          .memory = memory_shape(layer.model, layer.memories[memory]),
          .needs = design::row_needs(layer.model, layer.plan.node, input),
          .rows_ready = layer.port("rows_ready", memory),
          .code = layer.port("read_code", memory)};
}

model::Shape constant_shape(const model::Int8Node& node) {
  if (const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op)) {
    return arithmetic->constant_shape;
  }
  if (node.weights.size() == model::num_elements(node.shape)) return node.shape;
  return {static_cast<int>(node.weights.size())};  // Slopes by channel.
}

// A constant is a memory of one row that is always there.
Operand constant_operand(const LayerModule& layer) {
  const model::Int8Node& node = layer.node();
  return {.view = broadcast_view(layer, constant_shape(node)),
          .memory = {.rows = 1, .row_size = static_cast<int>(node.weights.size())},
          .needs = {.first = 0, .step = 0},
          .rows_ready = "1'b1",
          .code = "constant"};
}

void append_operand(Connections& parameters, const std::string& prefix, const Operand& operand) {
  const AffineView& view = operand.view;
  parameters.insert(parameters.end(),
                    {{prefix + "_OFFSET", number(view.offset)},
                     {prefix + "_LINE", number(view.line)},
                     {prefix + "_COLUMN", number(view.column)},
                     {prefix + "_CHANNEL", number(view.channel)},
                     {prefix + "_ADDRESS_BITS", number(operand.memory.address_bits())},
                     {prefix + "_ROWS", number(operand.memory.rows)},
                     {prefix + "_FIRST_ROWS", number(operand.needs.first)},
                     {prefix + "_ROWS_STEP", number(operand.needs.step)},
                     {prefix + "_ROW_BITS", number(operand.memory.row_bits())}});
}

std::string stepper_text(const LayerModule& layer, const Operand& a, const Operand& b) {
  const AffineView& view = a.view;
  Connections parameters = {{"LINES", number(view.line_to)},
                            {"COLUMNS", number(view.column_to)},
                            {"CHANNELS", number(view.channel_to)}};
  append_operand(parameters, "A", a);
  append_operand(parameters, "B", b);
  parameters.insert(parameters.end(), {{"LINE_TO", number(view.line_to)},
                                       {"COLUMN_TO", number(view.column_to)},
                                       {"CHANNEL_TO", number(view.channel_to)}});
  const bool has_constant = layer.node().inputs.size() == 1;
  const bool one_memory = layer.memories.size() == 1;
  const std::string b_address = has_constant ? "constant_address"
                                : one_memory ? ""  // Both operands are the same codes.
                                             : layer.port("read_address", 1);
  return instance_text("stepper", "stepper", parameters,
                       {{"clock", "clock"},
                        {"reset", "reset"},
                        {"start", "start"},
                        {"running", "running"},
                        {"a_rows_ready", a.rows_ready},
                        {"b_rows_ready", b.rows_ready},
                        {"issue", "issue"},
                        {"a_address", layer.port("read_address", 0)},
                        {"b_address", b_address},
                        {"in_image", ""}});
}

std::string constant_text(design::SourceFiles& files, const LayerModule& layer,
                          const MemoryShape& memory) {
  std::string text;
  for (const std::int8_t code : layer.node().weights) text += hex_text(code, 8) + '\n';
  files[layer.file("constant")] = text;
  return fmt::format("    wire {} constant_address;\n    wire [7:0] constant;\n",
                     range_text(memory.address_bits())) +
         instance_text("constants", "constant_codes",
                       {{"WIDTH", "8"},
                        {"WORDS", number(memory.row_size)},
                        {"ADDRESS_BITS", number(memory.address_bits())},
                        {"FILE", fmt::format("\"{}\"", layer.file("constant"))}},
                       {{"clock", "clock"}, {"address", "constant_address"}, {"word", "constant"}});
}

// The values of all codes of an operand in the common scale, by bit pattern.
std::string terms_text(std::int32_t zero_point, int sign, quant::RequantScale scale) {
  std::string text;
  for (int pattern = 0; pattern < 256; ++pattern) {
    const auto code = static_cast<std::int8_t>(pattern);
    text += hex_text(quant::sum_term(sign * (code - zero_point), scale), 32) + '\n';
  }
  return text;
}

std::string function_text(design::SourceFiles& files, const LayerModule& layer,
                          const quant::BinaryArithmetic& f, const std::string& code_a,
                          const std::string& code_b) {
  const bool rectifies = f.kind == quant::BinaryKind::kPrelu;
  Connections parameters;
  if (f.kind == quant::BinaryKind::kMultiply || rectifies) {
    parameters = {{"MULTIPLIES", "1"},
                  {"RECTIFIES", rectifies ? "1" : "0"},
                  {"ZERO_POINT_A", number(f.zero_point_a)},
                  {"ZERO_POINT_B", number(f.zero_point_b)}};
  } else {
    files[layer.file("terms_a")] = terms_text(f.zero_point_a, 1, f.scale_a);
    files[layer.file("terms_b")] =
        terms_text(f.zero_point_b, f.kind == quant::BinaryKind::kSubtract ? -1 : 1, f.scale_b);
    parameters = {{"TERMS_A_FILE", fmt::format("\"{}\"", layer.file("terms_a"))},
                  {"TERMS_B_FILE", fmt::format("\"{}\"", layer.file("terms_b"))}};
  }
  return instance_text("arithmetic", "arithmetic", parameters,
                       {{"clock", "clock"},
                        {"reset", "reset"},
                        {"codes_valid", "codes_valid"},
                        {"code_a", code_a},
                        {"code_b", code_b},
                        {"sum_valid", "sum_valid"},
                        {"sum", "sum"},
                        {"is_product", rectifies ? "is_product" : ""}});
}

// One factor, or that of products and that of the rectifier's other side: `is_product` belongs to
// the sum, the factor is read two cycles later.
std::string factor_and_requantizer(const LayerModule& layer, const quant::BinaryArithmetic& f) {
  Requantization r = with_one_scale(f.out_scale, 0);
  if (f.kind != quant::BinaryKind::kPrelu) return requantizer_text(layer, r);
  r.shape.max_shift = std::max(f.scale_a.shift, f.out_scale.shift);
  const int below_a = r.shape.max_shift - f.scale_a.shift,
            below_product = r.shape.max_shift - f.out_scale.shift;
  r.shape.shift_bits = index_bits(std::int64_t{std::max(below_a, below_product)} + 1);
  r.mantissa =
      fmt::format("of_product ? 31'd{} : 31'd{}", f.out_scale.mantissa, f.scale_a.mantissa);
  r.shift_below_max =
      fmt::format("of_product ? {0}'d{1} : {0}'d{2}", r.shape.shift_bits, below_product, below_a);
  return "    reg was_product, of_product;\n"
         "    always @(posedge clock) {of_product, was_product} <= {was_product, is_product};\n" +
         requantizer_text(layer, r);
}

void check_views(const LayerModule& layer, const Operand& a, const Operand& b) {
  const bool same = a.view.line == b.view.line && a.view.column == b.view.column &&
                    a.view.channel == b.view.channel;
  if (layer.node().inputs.size() == 2 && layer.memories.size() == 1 && !same) {
    throw base::InputError({layer.model.name, layer.node().name,
                            "two views of one tensor in arithmetic",
                            "different tensors, or the same one twice"});
  }
}

}  // namespace

void write_arithmetic_module(design::SourceFiles& files, const LayerModule& layer) {
  const auto* op = std::get_if<model::Arithmetic>(&layer.node().op);
  const bool has_constant = layer.node().inputs.size() == 1;
  const Operand a = tensor_operand(layer, 0);
  const Operand b = has_constant ? constant_operand(layer) : tensor_operand(layer, 1);
  check_views(layer, a, b);

  std::string text =
      "    wire issue, sum_valid, is_product;\n    wire [31:0] sum;\n    reg codes_valid;\n";
  text += "    wire [0:0] bias_channel, scale_channel;\n\n";
  if (has_constant) text += constant_text(files, layer, b.memory) + '\n';
  text += stepper_text(layer, a, b);
  text += "\n    always @(posedge clock) codes_valid <= issue && !reset;\n\n";
  const quant::BinaryArithmetic f = model::binary_arithmetic(layer.model, layer.node());
  const bool swapped = op != nullptr && op->constant == model::ConstantOperand::kFirst;
  text += function_text(files, layer, f, swapped ? b.code : a.code, swapped ? a.code : b.code);
  text += '\n' + factor_and_requantizer(layer, f);
  files[layer.name() + ".v"] =
      module_head(layer, std::string(model::op_name(layer.node().op))) + text + "endmodule\n";
}

}  // namespace deepaxe::hw::verilog
