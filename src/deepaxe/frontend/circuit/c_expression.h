// Expressions of C as gates.
#pragma once

#include <map>
#include <string>

#include "deepaxe/frontend/circuit/c_types.h"
#include "deepaxe/frontend/circuit/gate_writer.h"
#include "deepaxe/frontend/circuit/tokens.h"

namespace deepaxe::frontend::circuit {

/// A variable; without a word until it is first written.
struct CVariable {
  CType type;
  Word word;
};
using CScope = std::map<std::string, CVariable, std::less<>>;

/// Parses expressions and adds their gates to `gates` as it goes; a variable stands for the value
/// it has at this point of the function.
class CExpressions {
 public:
  CExpressions(TokenStream& tokens, GateWriter& gates, const CScope& scope)
      : tokens_(tokens), gates_(gates), scope_(scope) {}

  /// Throws base::InputError with line and token.
  CValue expression();

  /// a `op` b for a binary operator, as of a compound assignment; `place` is for messages.
  CValue binary(const Token& place, std::string_view op, const CValue& a, const CValue& b);

 private:
  CValue binary_chain(int loosest);
  CValue unary();
  CValue primary();
  CValue variable();
  CValue shift(const Token& place, bool left, const CValue& a, const CValue& b);
  CValue compare(std::string_view op, const CValue& a, const CValue& b);
  CValue truth(Net net) const;
  Net is_true(const CValue& value) { return gates_.any(value.word); }

  TokenStream& tokens_;
  GateWriter& gates_;
  const CScope& scope_;
  int depth_ = 0;
};

}  // namespace deepaxe::frontend::circuit
