// Source: a file being read, and how its operands are to be understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deepaxe/frontend/circuit/circuit.h"

namespace deepaxe::frontend::circuit {

struct Source {
  std::string file;  ///< For messages.
  std::optional<Signedness> asked;
};

/// How sure a file is of its operands.
struct Stated {
  std::optional<Signedness> surely;    ///< A type or a value that can be nothing else.
  std::optional<Signedness> probably;  ///< A type that other programs use for both.
};

/// What was asked, else what is sure, else what `name` ("mul8s_1KVP") or the file's name says, else
/// what is probable. Throws base::InputError, naming both options, if nothing decides.
Signedness decide(const Source& source, const Stated& stated, std::string_view name);

/// All products of a netlist whose outputs are the 16 bits of a product of that kind.
ProductTable tabulate(const arith::Netlist& netlist, Signedness signedness);

}  // namespace deepaxe::frontend::circuit
