#include "deepaxe/hw/verilog/top_module.h"

#include <fmt/format.h>

#include <string_view>

#include "deepaxe/hw/verilog/top_ports.h"

namespace deepaxe::hw::verilog {
namespace {

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// The shell of a schedule and its wires to the core, by the names they have on both.
struct Shell {
  const char* module;
  const char* wires;
  std::vector<std::string> names;
};

Shell shell_of(design::ImageSchedule schedule) {
  if (schedule == design::ImageSchedule::kPipelined) {
    return {.module = "pipeline_shell",
            .wires =
                "    wire image_write, image_last, image_room, logits_complete, logits_done;\n"
                "    wire [7:0] image_code, logit_code;\n",
            .names = {"image_write", "image_code", "image_last", "image_room", "logits_complete",
                      "logits_done", "logit_address", "logit_code"}};
  }
  return {.module = "axi_shell",
          .wires =
              "    wire image_clear, image_write, image_last, image_complete, start, busy;\n"
              "    wire [7:0] image_code, logit_code;\n    wire [31:0] cycles;\n",
          .names = {"image_clear", "image_write", "image_code", "image_last", "image_complete",
                    "start", "busy", "cycles", "logit_address", "logit_code"}};
}

}  // namespace

std::string top_text(const model::Int8Model& model, const std::vector<LayerModule>& layers,
                     design::ImageSchedule schedule, const std::string& top) {
  const MemoryShape logits = memory_shape(model, layers.back().plan.node);
  const Shell shell = shell_of(schedule);
  const int num_logits = logits.rows * logits.row_size;
  std::string text = comment_text(fmt::format(
      "{}: int8 inference of {} images of {}, {} logits; AXI4-Stream in and out, AXI4-Lite control "
      "(registers: {}.v).",
      top, model.name, model::to_string(model.input_shape()), num_logits, shell.module));
  text += fmt::format("module {} (\n", top);
  Connections shell_ports = {{"clock", "aclk"}, {"reset", "reset"}};
  Connections core_ports = {{"clock", "aclk"}, {"reset", "reset"}};
  const std::vector<TopPort> ports = top_ports(layers);
  for (const TopPort& port : ports) {
    text += port_text(port) + (&port == &ports.back() ? "\n" : ",\n");
    if (port.bus == "s_axis" || port.bus == "m_axis" || port.bus == kRegisterBus) {
      shell_ports.emplace_back(port.name, port.name);
    } else if (!port.bus.empty()) {
      core_ports.emplace_back(port.name.substr(std::string_view("s_axis_").size()), port.name);
    }
  }
  text += ");\n    reg reset;\n    always @(posedge aclk) reset <= !aresetn;\n\n";
  text += shell.wires;
  text += fmt::format("    wire {} logit_address;\n\n", range_text(logits.address_bits()));
  for (const std::string& name : shell.names) {
    shell_ports.emplace_back(name, name);
    core_ports.emplace_back(name, name);
  }
  text += instance_text(
      shell.module, "shell",
      {{"NUM_LOGITS", number(num_logits)}, {"ADDRESS_BITS", number(logits.address_bits())}},
      shell_ports);
  text += '\n' + instance_text("core", "core", {}, core_ports);
  return text + "endmodule\n";
}

}  // namespace deepaxe::hw::verilog
