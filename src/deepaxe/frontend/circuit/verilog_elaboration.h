// Elaboration: a module with its instances as gates.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "deepaxe/frontend/circuit/gate_writer.h"
#include "deepaxe/frontend/circuit/verilog_module.h"

namespace deepaxe::frontend::circuit {

/// Words by port.
using PortWords = std::map<std::string, Word, std::less<>>;

/// Writes the gates of modules. A hierarchy deeper than 32 or of more than two million bits and
/// items is refused.
class Elaborator {
 public:
  /// Modules that are not in `modules` are looked up among the PDK45 cells.
  Elaborator(const std::string& file, const VerilogModules& modules, GateWriter& gates)
      : file_(file), modules_(modules), gates_(gates) {}

  /// Values of the outputs. Throws base::InputError with the line.
  PortWords elaborate(const VerilogModule& module, const PortWords& inputs);

  /// The module of that name. Throws base::InputError for an unknown one.
  const VerilogModule& find(const std::string& name, int line) const;
  [[noreturn]] void fail(int line, const std::string& found, const std::string& expected) const;
  GateWriter& gates() { return gates_; }

 private:
  const std::string& file_;
  const VerilogModules& modules_;
  GateWriter& gates_;
  int depth_ = 0;
  std::size_t work_ = 0;  // Bits and items so far.
};

}  // namespace deepaxe::frontend::circuit
