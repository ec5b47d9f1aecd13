// Values of Verilog expressions, with the width and sign rules of IEEE 1364-2005, 5.4 and 5.5.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "deepaxe/frontend/circuit/gate_writer.h"
#include "deepaxe/frontend/circuit/verilog_module.h"

namespace deepaxe::frontend::circuit {

class VerilogEvaluation {
 public:
  /// values[i] is the net of bit i of the module; `refuse` throws, naming what it is told.
  using Refuse = std::function<void(const std::string& found, const std::string& expected)>;
  VerilogEvaluation(GateWriter& gates, std::span<const Net> values, Refuse refuse)
      : gates_(gates), values_(values), refuse_(std::move(refuse)) {}

  /// The value as it is assigned to `width` bits.
  Word value(const VerilogExpression& expression, std::size_t width);

 private:
  std::size_t width_of(const VerilogExpression& expression) const;
  Word evaluate(const VerilogExpression& expression, std::size_t width, bool is_signed);
  Word self_determined(const VerilogExpression& expression);
  Word unary(const VerilogExpression& expression, std::size_t width, bool is_signed);
  Word binary(const VerilogExpression& expression, std::size_t width, bool is_signed);
  Word bitwise(const std::string& op, const Word& a, const Word& b);
  Net compare(const VerilogExpression& expression);
  Word shift(const VerilogExpression& expression, std::size_t width, bool is_signed);

  GateWriter& gates_;
  std::span<const Net> values_;
  Refuse refuse_;
};

}  // namespace deepaxe::frontend::circuit
