#include "deepaxe/arith/gate_text.h"

#include <gtest/gtest.h>

namespace deepaxe::arith {
namespace {

// That the expressions compute the gates is tested where they are read again: netlist_verilog_test,
// the circuit writers' tests, and the compiled HLS C++.
TEST(GateText, TheInverseIsOfTheWholeExpression) {
  const GateSyntax verilog = {"1'b0", "1'b1", "~", ""};
  const GateSyntax c = {"0", "1", "", " ^ 1"};
  EXPECT_EQ(gate_text(GateKind::kNot, "x", "", verilog), "~x");
  EXPECT_EQ(gate_text(GateKind::kNot, "x", "", c), "x ^ 1");
  EXPECT_EQ(gate_text(GateKind::kNor, "x", "y", verilog), "~(x | y)");
  EXPECT_EQ(gate_text(GateKind::kNor, "x", "y", c), "(x | y) ^ 1");
  EXPECT_EQ(gate_text(GateKind::kXor, "x", "y", c), "x ^ y");
  EXPECT_EQ(gate_text(GateKind::kConst1, "", "", verilog), "1'b1");
}

}  // namespace
}  // namespace deepaxe::arith
