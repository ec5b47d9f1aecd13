// Gate text: a gate as an infix expression, in whatever language has &, | and ^.
#pragma once

#include <string>
#include <string_view>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

/// What languages write differently.
struct GateSyntax {
  std::string_view zero, one;                        ///< "1'b0", "1'b1"
  std::string_view before_inverted, after_inverted;  ///< "~" and "", or "" and " ^ 1"
};

/// `a` and `b` are the names of the fan-ins; the inverse of two of them is taken in parentheses.
std::string gate_text(GateKind kind, const std::string& a, const std::string& b,
                      const GateSyntax& syntax);

}  // namespace deepaxe::arith
