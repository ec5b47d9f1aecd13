// A multiplier as structural Verilog.
#pragma once

#include <string_view>

#include "deepaxe/frontend/circuit/source.h"

namespace deepaxe::frontend::circuit {

/// The first module of the file that no other one instantiates. Its two inputs have 8 bits, its one
/// output 16; the input called a or A is the first operand, wherever it stands, and with other
/// names the order decides. Cells that the file does not define are those of EvoApproxLib's PDK45
/// netlists: AND2X1, PDKGENHAX1, FAX1...
///
/// Throws base::InputError with the line for unknown cells, nets without or with two drivers, and
/// combinational loops.
Circuit parse_verilog(std::string_view text, const Source& source);

}  // namespace deepaxe::frontend::circuit
