#include "deepaxe/hw/verilog/top_ports.h"

#include <fmt/format.h>

namespace deepaxe::hw::verilog {

std::string weight_bus(const LayerModule& layer) {
  return "s_axis_" + layer.plan.name + "_weights";
}

std::vector<TopPort> top_ports(const std::vector<LayerModule>& layers) {
  const auto signal = [](const std::string& bus, const char* name, bool is_input, int bits = 1) {
    return TopPort{bus + "_" + name, is_input, bits, bus};
  };
  std::vector<TopPort> ports = {{"aclk"}, {"aresetn"}};
  const auto add = [&](const std::vector<TopPort>& more) {
    ports.insert(ports.end(), more.begin(), more.end());
  };
  add({signal("s_axis", "tdata", true, 8), signal("s_axis", "tvalid", true),
       signal("s_axis", "tready", false), signal("s_axis", "tlast", true)});
  add({signal("m_axis", "tdata", false, 8), signal("m_axis", "tvalid", false),
       signal("m_axis", "tready", true), signal("m_axis", "tlast", false)});
  const std::string registers = kRegisterBus;
  add({signal(registers, "awaddr", true, 4), signal(registers, "awvalid", true),
       signal(registers, "awready", false), signal(registers, "wdata", true, 32),
       signal(registers, "wvalid", true), signal(registers, "wready", false),
       signal(registers, "bresp", false, 2), signal(registers, "bvalid", false),
       signal(registers, "bready", true), signal(registers, "araddr", true, 4),
       signal(registers, "arvalid", true), signal(registers, "arready", false),
       signal(registers, "rdata", false, 32), signal(registers, "rresp", false, 2),
       signal(registers, "rvalid", false), signal(registers, "rready", true)});
  for (const LayerModule& layer : layers) {
    if (!layer.has_weight_stream) continue;
    const std::string bus = weight_bus(layer);
    add({signal(bus, "tdata", true, 8 * layer.walk.lanes), signal(bus, "tvalid", true),
         signal(bus, "tready", false)});
  }
  return ports;
}

std::string port_text(const TopPort& port) {
  return fmt::format("    {} wire {:<6} {}", port.is_input ? "input " : "output",
                     port.bits > 1 ? range_text(port.bits) : "", port.name);
}

}  // namespace deepaxe::hw::verilog
