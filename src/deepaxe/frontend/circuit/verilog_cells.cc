#include "deepaxe/frontend/circuit/verilog_cells.h"

#include <cctype>
#include <string_view>

#include "deepaxe/frontend/circuit/verilog_parser.h"

namespace deepaxe::frontend::circuit {
namespace {

// Functions and ports as the generic files of EvoApproxLib define them.
constexpr std::string_view kCells = R"(
module INV(input A, output Y); assign Y = ~A; endmodule
module BUF(input A, output Y); assign Y = A; endmodule
module AND2(input A, B, output Y); assign Y = A & B; endmodule
module OR2(input A, B, output Y); assign Y = A | B; endmodule
module XOR2(input A, B, output Y); assign Y = A ^ B; endmodule
module NAND2(input A, B, output Y); assign Y = ~(A & B); endmodule
module NOR2(input A, B, output Y); assign Y = ~(A | B); endmodule
module XNOR2(input A, B, output Y); assign Y = ~(A ^ B); endmodule
module NAND3(input A, B, C, output Y); assign Y = ~(A & B & C); endmodule
module NOR3(input A, B, C, output Y); assign Y = ~(A | B | C); endmodule
module AOI21(input A, B, C, output Y); assign Y = ~((A & B) | C); endmodule
module OAI21(input A, B, C, output Y); assign Y = ~((A | B) & C); endmodule
module AOI22(input A, B, C, D, output Y); assign Y = ~((A & B) | (C & D)); endmodule
module OAI22(input A, B, C, D, output Y); assign Y = ~((A | B) & (C | D)); endmodule
module MUX2(input A, B, S, output Y); assign Y = S ? B : A; endmodule
module HA(input A, B, output YS, YC); assign YS = A ^ B; assign YC = A & B; endmodule
module FA(input A, B, C, output YS, YC);
  assign YS = A ^ B ^ C;
  assign YC = (A & B) | (B & C) | (A & C);
endmodule
)";

}  // namespace

const VerilogModule* find_pdk45_cell(std::string name) {
  static const VerilogFile library = parse_verilog_modules("PDK45 cells", kCells);
  constexpr std::string_view kPrefix = "PDKGEN";
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  const std::size_t drive = name.rfind('X');
  if (drive != std::string::npos && drive > 0 && drive + 1 < name.size() &&
      name.find_first_not_of("0123456789", drive + 1) == std::string::npos) {
    name.resize(drive);
  }
  const auto found = library.modules.find(name);
  return found == library.modules.end() ? nullptr : &found->second;
}

}  // namespace deepaxe::frontend::circuit
