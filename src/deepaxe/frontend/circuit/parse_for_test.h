// Shared by the tests of the readers: a text as a file, and what is said of a wrong one.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/circuit.h"

namespace deepaxe::frontend::circuit {

inline Circuit parse_text_file(std::string_view text, const std::string& name,
                               const ReadParams& params = {}) {
  return parse_circuit(std::as_bytes(std::span(text)), name, params);
}

/// The message of the refusal, or "accepted".
inline std::string refusal_of(std::string_view text, const std::string& name,
                              const ReadParams& params = {}) {
  try {
    parse_text_file(text, name, params);
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The products of a circuit that must have a netlist, as its gates make them.
inline std::vector<std::int16_t> gate_products(const Circuit& circuit) {
  if (!circuit.netlist) throw std::invalid_argument("no netlist");
  return arith::tabulate(*circuit.netlist);
}

inline std::string identity_of(std::string_view multiplier) {
  return arith::find_multiplier(multiplier)->multiplier.identity();
}

/// The product of two operand values.
inline int product_of(const Circuit& circuit, int a, int b) {
  return circuit.table
      .products[static_cast<std::size_t>(a & 255) << 8 | static_cast<std::size_t>(b & 255)];
}

}  // namespace deepaxe::frontend::circuit
