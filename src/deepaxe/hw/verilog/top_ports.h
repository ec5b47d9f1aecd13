// TopPorts: the ports of the top module, in order.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

struct TopPort {
  std::string name;
  bool is_input = true;
  int bits = 1;
  std::string bus = {};  ///< "s_axis": the name without its signal; empty of clock and reset.
};

inline constexpr const char* kRegisterBus = "s_axil";  ///< The one of AXI4-Lite.

/// Clock, reset, images, logits, registers, and a stream of weights for each layer that has them
/// outside.
std::vector<TopPort> top_ports(const std::vector<LayerModule>& layers);

/// `    input  wire [7:0]  s_axis_tdata`, as a module declares it.
std::string port_text(const TopPort& port);

/// "s_axis_fc1_weights".
std::string weight_bus(const LayerModule& layer);

}  // namespace deepaxe::hw::verilog
