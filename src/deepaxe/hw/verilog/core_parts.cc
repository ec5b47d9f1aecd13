#include "deepaxe/hw/verilog/core_parts.h"

#include <fmt/format.h>

#include <cstddef>

namespace deepaxe::hw::verilog {

std::string weight_stream_ports(const std::vector<LayerModule>& layers) {
  std::string text;
  for (const LayerModule& layer : layers) {
    if (!layer.has_weight_stream) continue;
    text += fmt::format("    input  wire {} {}_weights_tdata,\n", range_text(8 * layer.walk.lanes),
                        layer.plan.name);
    text += fmt::format(
        "    input  wire        {0}_weights_tvalid,\n    output wire        {0}_weights_tready,\n",
        layer.plan.name);
  }
  return text;
}

std::string logit_ports(const MemoryShape& logits) {
  return fmt::format(
      "    input  wire {} logit_address,\n    output wire [7:0]  logit_code       // A cycle after "
      "its address.\n);\n",
      range_text(logits.address_bits()));
}

std::string output_wires(const LayerModule& layer) {
  return fmt::format("    wire {0}_valid;\n    wire [7:0] {0}_code_out;\n", layer.plan.name);
}

std::string layer_instance_text(const LayerModule& layer, const std::vector<ReadWires>& reads,
                                const std::string& start, const std::string& running) {
  const std::string& name = layer.plan.name;
  Connections ports = {
      {"clock", "clock"}, {"reset", "reset"}, {"start", start}, {"running", running}};
  for (std::size_t i = 0; i < reads.size(); ++i) {
    ports.emplace_back(layer.port("rows_ready", i), reads[i].rows);
    ports.emplace_back(layer.port("read_address", i), reads[i].address);
    ports.emplace_back(layer.port("read_code", i), reads[i].code);
  }
  if (layer.has_weight_stream) {
    for (const char* signal : {"_tdata", "_tvalid", "_tready"}) {
      ports.emplace_back(std::string("weights") + signal, name + "_weights" + signal);
    }
  }
  ports.emplace_back("code_valid", name + "_valid");
  ports.emplace_back("code", name + "_code_out");
  return instance_text(layer.name(), name + "_layer", {}, ports);
}

}  // namespace deepaxe::hw::verilog
