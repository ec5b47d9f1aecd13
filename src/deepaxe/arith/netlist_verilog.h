// A netlist as structural Verilog, for synthesis tools.
#pragma once

#include <string>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

/// `module NAME(input [7:0] a, b, output [15:0] y)`: one wire n<net> and one assign for each gate,
/// in the order of the gates. `name` must be a Verilog identifier.
std::string to_verilog(const Netlist& netlist, const std::string& name);

}  // namespace deepaxe::arith
