// Black boxes: a multiplier as the Verilog module, C model and description that Vitis HLS takes.
// Source of the format: AMD UG1399, "JSON File for RTL Blackbox".
#pragma once

#include <string>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::hw::hls {

/// The C++ source of `std::int16_t function(a, b)`, for C simulation and as reference.
std::string black_box_model(const std::string& function, const arith::Netlist& netlist);

/// Verilog: the gates and one register behind them, a product a cycle, in the handshake
/// ap_ctrl_chain. The top module has the function's name, the gates are `function_gates`.
std::string black_box_module(const std::string& function, const arith::Netlist& netlist);

/// JSON: names of files and ports, latency 1, interval 1. File names have no folder.
std::string black_box_description(const std::string& function);

}  // namespace deepaxe::hw::hls
