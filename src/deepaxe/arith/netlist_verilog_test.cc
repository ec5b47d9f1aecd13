#include "deepaxe/arith/netlist_verilog.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <sstream>
#include <string>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {
namespace {

std::uint32_t net_of(std::string text) {
  if (text.back() == ';') text.pop_back();
  if (text[0] == 'n') return static_cast<std::uint32_t>(std::stoul(text.substr(1)));
  const auto bit = static_cast<std::uint32_t>(std::stoul(text.substr(2)));
  return text[0] == 'a' ? bit : 8 + bit;
}

// "n16 & b[2];" and its kin, by the rules of Verilog.
Gate gate_of(std::string expression) {
  static const std::map<char, GateKind> kinds = {
      {'&', GateKind::kAnd}, {'|', GateKind::kOr}, {'^', GateKind::kXor}};
  static const std::map<char, GateKind> inverted = {
      {'&', GateKind::kNand}, {'|', GateKind::kNor}, {'^', GateKind::kXnor}};
  if (expression == "1'b0;") return {GateKind::kConst0, 0, 0};
  if (expression == "1'b1;") return {GateKind::kConst1, 0, 0};
  const bool is_inverted = expression.starts_with("~(");
  if (is_inverted) expression = expression.substr(2, expression.size() - 4);
  if (expression[0] == '~') return {GateKind::kNot, net_of(expression.substr(1)), 0};
  std::istringstream words(expression);
  std::string a, op, b;
  words >> a >> op >> b;
  return {(is_inverted ? inverted : kinds).at(op[0]), net_of(a), net_of(b)};
}

// Reads back what to_verilog writes.
Netlist parse(const std::string& text) {
  Netlist netlist;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    const std::string right = line.substr(equals + 3);
    if (line.starts_with("  wire ")) {
      netlist.gates.push_back(gate_of(right));
      EXPECT_EQ(net_of(line.substr(7, equals - 7)), 15 + netlist.gates.size());
    } else {
      netlist.outputs.at(std::stoul(line.substr(11))) = net_of(right);
    }
  }
  return netlist;
}

TEST(NetlistVerilog, ReadBackHasTheSameProducts) {
  for (const LibraryEntry& entry : library()) {
    const Netlist netlist = make_netlist(entry.family);
    const std::string text = to_verilog(netlist, "m");
    EXPECT_EQ(tabulate(parse(text)), tabulate(netlist)) << entry.name;
    EXPECT_EQ(parse(text).gates.size(), netlist.gates.size()) << entry.name;
  }
}

TEST(NetlistVerilog, WritesEveryKindOfGate) {
  Netlist netlist;
  for (int kind = 0; kind < 9; ++kind) netlist.gates.push_back({static_cast<GateKind>(kind), 1, 9});
  for (std::uint32_t j = 0; j < 16; ++j) netlist.outputs[j] = 9 + j;
  EXPECT_EQ(tabulate(parse(to_verilog(netlist, "m"))), tabulate(netlist));
}

TEST(NetlistVerilog, IsOneModuleOfThatName) {
  const std::string text =
      to_verilog(make_netlist({.kind = FamilyKind::kBam, .values = {0, 2}}), "bam_0_2");
  EXPECT_TRUE(text.starts_with("module bam_0_2(input [7:0] a, input [7:0] b, output [15:0] y);\n"));
  EXPECT_TRUE(text.ends_with("endmodule\n"));
}

}  // namespace
}  // namespace deepaxe::arith
