#include "deepaxe/frontend/circuit/verilog.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/frontend/circuit/parse_for_test.h"
#include "deepaxe/frontend/circuit/verilog_cells.h"

namespace deepaxe::frontend::circuit {
namespace {

std::string module_of(const std::string& body) {
  return "module mul8u_x(A, B, O);\n  input [7:0] A, B;\n  output [15:0] O;\n" + body +
         "\nendmodule\n";
}
Circuit parse(const std::string& body) { return parse_text_file(module_of(body), "x.v"); }
std::string refusal(const std::string& body) { return refusal_of(module_of(body), "x.v"); }

Circuit exact_unsigned() {
  return parse_text_file("uint16_t f(uint8_t A, uint8_t B) { return A * B; }", "f.c");
}

TEST(Verilog, TheOperatorOfSignedPortsIsTheExactMultiplier) {
  const Circuit circuit = parse_text_file(
      "module f(input signed [7:0] a, input signed [7:0] b, output signed [15:0] y);\n"
      "assign y = a * b;\nendmodule",
      "f.v");
  EXPECT_EQ(circuit.table.signedness, Signedness::kSigned);
  EXPECT_EQ(arith::identity(circuit.table), identity_of("exact"));
}

TEST(Verilog, OperandsOfASumGetTheWidthOfTheTarget) {
  const Circuit circuit = parse("  assign {O[8:0]} = A + B;\n  assign O[15:9] = 7'd0;");
  EXPECT_EQ(product_of(circuit, 255, 255), 510);
  const Circuit inverted = parse("  assign O = ~A;");
  EXPECT_EQ(product_of(inverted, 1, 0), 0xFFFE);
  const Circuit narrow = parse("  assign O = {1'b0, {2{A[0]}}, (A[3:0] + B[3:0])};");
  EXPECT_EQ(product_of(narrow, 15, 1), 0x30);
}

// Row by row with half and full adders, in an order that no simulator would need.
std::string array_of_cells(const std::string& half, const std::string& full) {
  std::string text = "  wire [127:0] S, C;\n";
  for (int i = 7; i >= 1; --i) {
    for (int j = 0; j < 8; ++j) {
      const std::string above =
          i == 1   ? (j == 7 ? "1'b0" : "(A[0] & B[" + std::to_string(j + 1) + "])")
          : j == 7 ? "C[" + std::to_string(8 * (i - 1) + 7) + "]"
                   : "S[" + std::to_string(8 * (i - 1) + j + 1) + "]";
      const std::string own = "(A[" + std::to_string(i) + "] & B[" + std::to_string(j) + "])";
      const std::string at = std::to_string(8 * i + j);
      const std::string sums = ".YS(S[" + at + "]), .YC(C[" + at + "])";
      if (j == 0) {
        text += "  " + half + " u" + at + "(" + sums + ", .A(" + above + "), .B(" + own + "));\n";
      } else {
        text += "  " + full + " u" + at + "(.A(" + above + "), .B(" + own + "), .C(C[" +
                std::to_string(8 * i + j - 1) + "]), " + sums + ");\n";
      }
    }
  }
  text += "  assign O[0] = A[0] & B[0];\n";
  for (int i = 1; i < 8; ++i) {
    text += "  assign O[" + std::to_string(i) + "] = S[" + std::to_string(8 * i) + "];\n";
  }
  return text + "  assign O[15:8] = {C[63], S[63:57]};\n";
}

TEST(Verilog, CellsOfPdk45MakeAnArray) {
  for (const char* prefix : {"PDKGEN", ""}) {
    const std::string name(prefix);
    const Circuit circuit = parse(array_of_cells(name + "HAX1", name + "FAX1"));
    EXPECT_EQ(circuit.table.products, exact_unsigned().table.products) << prefix;
  }
}

TEST(Verilog, CellsThatTheFileDefinesComeFirst) {
  const std::string cells =
      "module HAX1(input A, input B, output YS, output YC);\n  xor(YS, A, B);\n  and g(YC, A, B);\n"
      "endmodule\nmodule MINE(output YS, YC, input A, B, C);\n  wire t = A ^ B;\n"
      "  assign YS = t ^ C, YC = t ? C : A;\nendmodule\n";
  const Circuit circuit = parse_text_file(cells + module_of(array_of_cells("HAX1", "MINE")), "x.v");
  EXPECT_EQ(circuit.table.products, exact_unsigned().table.products);
}

TEST(Verilog, EveryPrimitiveHasItsFunction) {
  const Circuit circuit = parse(
      "and(O[0], A[0], A[1], B[0]); or(O[1], A[0], A[1], B[0]); xor(O[2], A[0], A[1], B[0]);\n"
      "nand(O[3], A[0], A[1], B[0]); nor(O[4], A[0], A[1], B[0]); xnor(O[5], A[0], A[1], B[0]);\n"
      "not(O[6], A[0]); buf b1(O[7], A[0]); assign O[15:8] = 0;");
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 2; ++b) {
      const int x = a & 1, y = a >> 1;
      const int expected = (x & y & b) | (x | y | b) << 1 | (x ^ y ^ b) << 2 |
                           (1 ^ (x & y & b)) << 3 | (1 ^ (x | y | b)) << 4 | (1 ^ x ^ y ^ b) << 5 |
                           (1 ^ x) << 6 | x << 7;
      EXPECT_EQ(product_of(circuit, a, b), expected) << a << b;
    }
  }
}

TEST(Verilog, ReductionsComparisonsAndShiftsHaveTheirValues) {
  const Circuit circuit = parse(
      "assign O[0] = &A; assign O[1] = |A; assign O[2] = ^A; assign O[3] = A == B;\n"
      "assign O[4] = A < B; assign O[5] = A >= B; assign O[6] = A && B; assign O[7] = !A || B;\n"
      "assign O[15:8] = (A >> 2) + (B << 1) - 8'h3;");
  for (const auto& [a, b] : {std::pair{255, 3}, {3, 3}, {0, 9}, {7, 200}}) {
    const int parity = __builtin_popcount(static_cast<unsigned>(a)) & 1;
    const int low = (a == 255) | (a != 0) << 1 | parity << 2 | (a == b) << 3 | (a < b) << 4 |
                    (a >= b) << 5 | (a != 0 && b != 0) << 6 | (a == 0 || b != 0) << 7;
    EXPECT_EQ(product_of(circuit, a, b), low | (((a >> 2) + (b << 1) - 3) & 255) << 8) << a;
  }
}

TEST(Verilog, InputsAreToldByTheirNames) {
  const Circuit circuit = parse_text_file(
      "module mul8u_x(input [7:0] B, input [7:0] A, output [15:0] O);\n"
      "assign O = A - {7'b0, B[0]};\nendmodule",
      "x.v");
  EXPECT_EQ(product_of(circuit, 9, 1), 8);
}

TEST(Verilog, WhatIsNoNetlistIsRefusedByLineAndToken) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"always @(A) O = A;", "line 4: found 'always'"},
      {"reg x;", "line 4: found 'reg'"},
      {"initial $readmemh(A);", "line 4: found 'initial'"},
      {"assign O = $signed(A);", "line 4: found '$signed', expected no system function"},
      {"assign O = A / B;", "line 4: found '/'"},
      {"assign O = A << B;", "line 4: found a shift by a net"},
      {"assign O = A[8];", "line 4: found '8', expected an index from 0 to 7"},
      {"assign O = 8'hxx;", "line 4: found '8'hxx', expected a number of known bits"},
      {"assign O = {300{A}};", "expected a replication of 1 to 256"},
      {"assign O = A; assign O[3] = B[0];", "line 4: found a second driver of O[3]"},
      {"assign O[14:0] = A;", "found O[15] without a driver"},
      {"assign O = A + t;", "line 4: found t without a driver"},
      {"wire x, y; assign x = y; assign y = x; assign O = A & x;",
       "line 4: found a combinational loop"},
      {"NO_CELL u(.A(A), .Y(O));", "line 4: found cell NO_CELL"},
      {"HAX1 u(.A(A[0]), .YS(O[0]));", "line 4: found input B of HAX1 left open"},
      {"HAX1 u(.Q(A[0]));", "line 4: found port Q, expected a port of HAX1"},
      {"`include \"x.v\"", "line 4: found '`include"},
      {"", "found O[0] without a driver"},
  };
  for (const auto& [body, message] : cases)
    EXPECT_TRUE(has(refusal(body), message)) << refusal(body);
}

TEST(Verilog, OtherPortsAndMissingModulesAreRefused) {
  EXPECT_TRUE(
      has(refusal_of("module m(input [6:0] A, input [7:0] B, output [15:0] O); endmodule", "m.v"),
          "two inputs of 8 bits and one output of 16"));
  EXPECT_TRUE(has(refusal_of("// nothing\n", "m.v"), "no module"));
  EXPECT_TRUE(has(refusal_of("module m(A); m u(A); endmodule", "m.v"), "no module"));
  EXPECT_TRUE(has(refusal_of(module_of("") + module_of(""), "m.v"), "module mul8u_x once"));
}

TEST(Verilog, DepthAndHierarchyAreBounded) {
  EXPECT_TRUE(has(refusal("assign O = " + std::string(100'000, '(')), "nested less deeply"));
  std::string chain = "assign O = A";
  for (int i = 0; i < 20'000; ++i) chain += " & A";
  EXPECT_TRUE(has(refusal(chain + ";"), "an expression of fewer operators"));
  std::string tower;
  for (int i = 0; i < 24; ++i) {  // 2^24 instances without a gate.
    const std::string below = "m" + std::to_string(i);
    tower += "module m" + std::to_string(i + 1) + "(input a, output y); wire t; " + below +
             " u(a, t); " + below + " v(t, y); endmodule\n";
  }
  tower += "module m0(input a, output y); assign y = a; endmodule\n";
  EXPECT_TRUE(has(refusal_of(tower + module_of("m24 u(A[0], O[0]); assign O[15:1] = 0;"), "t.v"),
                  "too many instances"));
}

TEST(Verilog, NamesOfCellsMayCarryPrefixAndStrength) {
  EXPECT_NE(find_pdk45_cell("PDKGENNAND2X1"), nullptr);
  EXPECT_EQ(find_pdk45_cell("PDKGENNAND2X1"), find_pdk45_cell("NAND2"));
  EXPECT_EQ(find_pdk45_cell("XOR2X4"), find_pdk45_cell("XOR2X1"));
  EXPECT_EQ(find_pdk45_cell("DFF"), nullptr);
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
