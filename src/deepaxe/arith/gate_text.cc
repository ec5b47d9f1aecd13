#include "deepaxe/arith/gate_text.h"

#include <fmt/format.h>

namespace deepaxe::arith {

std::string gate_text(GateKind kind, const std::string& a, const std::string& b,
                      const GateSyntax& syntax) {
  const auto inverted = [&](const std::string& text) {
    return fmt::format("{}{}{}", syntax.before_inverted, text, syntax.after_inverted);
  };
  switch (kind) {
    case GateKind::kConst0:
      return std::string(syntax.zero);
    case GateKind::kConst1:
      return std::string(syntax.one);
    case GateKind::kNot:
      return inverted(a);
    case GateKind::kAnd:
      return fmt::format("{} & {}", a, b);
    case GateKind::kOr:
      return fmt::format("{} | {}", a, b);
    case GateKind::kXor:
      return fmt::format("{} ^ {}", a, b);
    case GateKind::kNand:
      return inverted(fmt::format("({} & {})", a, b));
    case GateKind::kNor:
      return inverted(fmt::format("({} | {})", a, b));
    case GateKind::kXnor:
      break;
  }
  return inverted(fmt::format("({} ^ {})", a, b));
}

}  // namespace deepaxe::arith
