// Structural Verilog to modules: what EvoApproxLib, yosys and hand-written netlists contain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/frontend/circuit/verilog_module.h"

namespace deepaxe::frontend::circuit {

struct VerilogFile {
  VerilogModules modules;
  std::vector<std::string> order;  ///< Names as they stand in the file.
};

/// Accepted: modules with ports in either style; input, output, wire with ranges and `signed`;
/// assign; gate primitives; instances with named or positional ports. Expressions: & | ^ ~^ ~ ! &&
/// || + - * ?: == != < <= > >= shifts by constants, reductions, selections, {}, {n{}}.
/// Throws base::InputError with line and token for everything else: always, reg, parameters...
VerilogFile parse_verilog_modules(const std::string& file, std::string_view text);

}  // namespace deepaxe::frontend::circuit
