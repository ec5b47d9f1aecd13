// The cells of the PDK45 library that EvoApproxLib's netlists use.
#pragma once

#include <string>

#include "deepaxe/frontend/circuit/verilog_module.h"

namespace deepaxe::frontend::circuit {

/// By name with or without "PDKGEN" before and the drive strength behind: "PDKGENNAND2X1",
/// "NAND2X1", "NAND2". Null if there is none. Thread-safe.
const VerilogModule* find_pdk45_cell(std::string name);

}  // namespace deepaxe::frontend::circuit
