// Parses expressions of Verilog into trees.
#pragma once

#include "deepaxe/frontend/circuit/tokens.h"
#include "deepaxe/frontend/circuit/verilog_module.h"

namespace deepaxe::frontend::circuit {

class VerilogExpressions {
 public:
  /// Nets are looked up in `module`; one that is not declared becomes a wire of one bit.
  VerilogExpressions(TokenStream& tokens, VerilogModule& module)
      : tokens_(tokens), module_(module) {}

  /// Throws base::InputError with line and token.
  ExpressionPtr expression();

  /// The bits of a net, a selection of it, or a concatenation of those, LSB first.
  std::vector<std::uint32_t> target();

  /// "[7:0]", if it stands here.
  bool accept_range(VerilogNet& net);
  /// Declares a net; throws if that would be more than 100,000 bits.
  VerilogNet& declare(const std::string& name, VerilogNet net);

 private:
  ExpressionPtr binary_chain(int loosest);
  ExpressionPtr unary();
  ExpressionPtr primary();
  ExpressionPtr braces();
  ExpressionPtr literal();
  ExpressionPtr net_bits();
  ExpressionPtr finish(ExpressionPtr expression) const;
  int number();
  std::uint32_t position(const VerilogNet& net, int index, const Token& place) const;

  TokenStream& tokens_;
  VerilogModule& module_;
  int depth_ = 0;
};

}  // namespace deepaxe::frontend::circuit
