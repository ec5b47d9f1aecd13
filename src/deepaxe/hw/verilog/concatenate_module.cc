#include "deepaxe/hw/verilog/concatenate_module.h"

#include <fmt/format.h>

#include <string>

#include "deepaxe/quant/activation.h"

namespace deepaxe::hw::verilog {
namespace {

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// The codes of one input in the output's scale: as they are, or through a table.
std::string input_text(design::SourceFiles& files, const LayerModule& layer, std::size_t input) {
  const std::string code = layer.port("read_code", layer.memory_of_input(input));
  const quant::QuantParams& from = layer.input(input).quant;
  const std::string value = fmt::format("value_{}", input);
  if (from == layer.node().quant) {
    return fmt::format("    reg [7:0] {0};\n    always @(posedge clock) {0} <= {1};\n", value,
                       code);
  }
  const std::string file = layer.file(fmt::format("table_{}", input));
  std::string text;
  for (const std::int8_t moved :
       quant::rescale_table(quant::make_rescale(from, layer.node().quant))) {
    text += hex_text(moved, 8) + '\n';
  }
  files[file] = text;
  return fmt::format("    wire [7:0] {};\n", value) +
         instance_text("constants", fmt::format("rescaled_{}", input),
                       {{"WIDTH", "8"},
                        {"WORDS", "256"},
                        {"ADDRESS_BITS", "8"},
                        {"FILE", fmt::format("\"{}\"", file)}},
                       {{"clock", "clock"}, {"address", code}, {"word", value}});
}

// Each memory is read where the input that has its turn is.
std::string addresses_text(const LayerModule& layer, int address_bits) {
  std::string text;
  for (std::size_t memory = 0; memory < layer.memories.size(); ++memory) {
    std::string expression;
    for (std::size_t input = 0; input < layer.node().inputs.size(); ++input) {
      if (layer.memory_of_input(input) != memory) continue;
      const std::string address =
          fmt::format("addresses[{} +: {}]", input * static_cast<std::size_t>(address_bits),
                      memory_shape(layer.model, layer.memories[memory]).address_bits());
      expression = expression.empty()
                       ? address
                       : fmt::format("part == {} ? {} : {}", input, address, expression);
    }
    text += fmt::format("    assign {} = {};\n", layer.port("read_address", memory), expression);
  }
  return text;
}

std::string ready_text(const LayerModule& layer) {
  std::string text;
  for (std::size_t i = 0; i < layer.memories.size(); ++i) {
    text += fmt::format("{}{} == {}", i == 0 ? "" : " && ", layer.port("rows_ready", i),
                        memory_shape(layer.model, layer.memories[i]).rows);
  }
  return text;
}

}  // namespace

void write_concatenate_module(design::SourceFiles& files, const LayerModule& layer,
                              const model::Concatenate& op) {
  const model::Int8Node& node = layer.node();
  int outer = 1;
  for (int axis = 0; axis < op.axis; ++axis) outer *= node.shape[static_cast<std::size_t>(axis)];
  const std::size_t parts = node.inputs.size();
  const int part_bits = index_bits(static_cast<std::int64_t>(parts));
  int address_bits = 1;
  std::string lengths, values, selection = "value_0";
  for (std::size_t i = 0; i < parts; ++i) {
    const auto size = static_cast<int>(model::num_elements(layer.input(i).shape));
    address_bits = std::max(address_bits, index_bits(size));
    lengths = fmt::format("32'd{}{}{}", size / outer, i == 0 ? "" : ", ", lengths);
    values += input_text(files, layer, i);
    if (i > 0) selection = fmt::format("chosen == {} ? value_{} : {}", i, i, selection);
  }
  std::string text = "    wire issue;\n";
  text += fmt::format("    wire {} part;\n    reg {} part_read, chosen;\n", range_text(part_bits),
                      range_text(part_bits));
  text += fmt::format("    wire {} addresses;\n    reg codes_valid, values_valid;\n\n",
                      range_text(static_cast<int>(parts) * address_bits));
  text += instance_text("concatenator", "concatenator",
                        {{"PARTS", number(static_cast<std::int64_t>(parts))},
                         {"OUTER", number(outer)},
                         {"LENGTHS", "{" + lengths + "}"},
                         {"PART_BITS", number(part_bits)},
                         {"ADDRESS_BITS", number(address_bits)}},
                        {{"clock", "clock"},
                         {"reset", "reset"},
                         {"start", "start"},
                         {"running", "running"},
                         {"ready", ready_text(layer)},
                         {"issue", "issue"},
                         {"part", "part"},
                         {"addresses", "addresses"}});
  text += addresses_text(layer, address_bits);
  text += "\n    // The codes come in cycle 1, their values in the output's scale in cycle 2.\n";
  text += values;
  text +=
      "    always @(posedge clock) begin\n"
      "        codes_valid  <= issue && !reset;\n"
      "        values_valid <= codes_valid && !reset;\n"
      "        part_read    <= part;\n"
      "        chosen       <= part_read;\n"
      "    end\n"
      "    assign code_valid = values_valid;\n";
  text += fmt::format("    assign code = {};\n", selection);
  files[layer.name() + ".v"] =
      module_head(layer, fmt::format("concatenate along axis {}", op.axis)) + text + "endmodule\n";
}

}  // namespace deepaxe::hw::verilog
