// Options of the commands that read files of multipliers.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "deepaxe/frontend/circuit/circuit.h"

namespace deepaxe::cli {

struct CircuitArguments {
  bool is_signed = false;
  bool is_unsigned = false;
  std::string operands = "ab";
};

/// --signed, --unsigned, --operands.
void add_circuit_options(CLI::App& command, CircuitArguments& arguments);

frontend::circuit::ReadParams to_params(const CircuitArguments& arguments);

std::string_view to_string(arith::Signedness signedness) noexcept;  ///< "signed", "unsigned".

}  // namespace deepaxe::cli
