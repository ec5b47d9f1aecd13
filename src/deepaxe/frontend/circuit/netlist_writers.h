// Netlists as C, BLIF and CGP chromosomes; as Verilog: arith/netlist_verilog.h.
#pragma once

#include <string>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::frontend::circuit {

/// `int16_t name(int8_t A, int8_t B)`: one statement for every gate.
std::string to_c(const arith::Netlist& netlist, const std::string& name);

/// Inputs a[0]..a[7], b[0]..b[7], outputs y[0]..y[15], a cover for every gate and output.
std::string to_blif(const arith::Netlist& netlist, const std::string& name);

/// One column of nodes, numbered from 18: 0 and 1 are the constants.
std::string to_cgp(const arith::Netlist& netlist);

}  // namespace deepaxe::frontend::circuit
