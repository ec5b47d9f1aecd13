#include "deepaxe/frontend/circuit/netlist_writers.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

#include "deepaxe/arith/gate_text.h"

namespace deepaxe::frontend::circuit {
namespace {

using arith::Gate;
using arith::GateKind;
using arith::Netlist;

std::uint32_t net_of_gate(std::size_t index) {
  return Netlist::kNumInputs + static_cast<std::uint32_t>(index);
}

std::string c_net(std::uint32_t net) {
  if (net < 8) return fmt::format("((A >> {}) & 1)", net);
  if (net < Netlist::kNumInputs) return fmt::format("((B >> {}) & 1)", net - 8);
  return fmt::format("n{}", net);
}

constexpr arith::GateSyntax kC = {
    .zero = "0", .one = "1", .before_inverted = "", .after_inverted = " ^ 1"};

std::string c_expression(const Gate& gate) {
  return arith::gate_text(gate.kind, c_net(gate.a), c_net(gate.b), kC);
}

std::string blif_net(std::uint32_t net) {
  if (net < 8) return fmt::format("a[{}]", net);
  if (net < Netlist::kNumInputs) return fmt::format("b[{}]", net - 8);
  return fmt::format("n{}", net);
}

// The inputs and cubes of a cover, around the name of its output.
std::string blif_cover(const Gate& gate, const std::string& output) {
  const std::string one = blif_net(gate.a) + " " + output;
  const std::string two = blif_net(gate.a) + " " + blif_net(gate.b) + " " + output;
  switch (gate.kind) {
    case GateKind::kConst0:
      return output + "\n";
    case GateKind::kConst1:
      return output + "\n1\n";
    case GateKind::kNot:
      return one + "\n0 1\n";
    case GateKind::kAnd:
      return two + "\n11 1\n";
    case GateKind::kOr:
      return two + "\n1- 1\n-1 1\n";
    case GateKind::kXor:
      return two + "\n10 1\n01 1\n";
    case GateKind::kNand:
      return two + "\n11 0\n";
    case GateKind::kNor:
      return two + "\n00 1\n";
    case GateKind::kXnor:
      break;
  }
  return two + "\n00 1\n11 1\n";
}

int cgp_function(GateKind kind) {
  switch (kind) {
    case GateKind::kConst0:
    case GateKind::kConst1:
      return 0;
    case GateKind::kNot:
      return 1;
    case GateKind::kAnd:
      return 2;
    case GateKind::kOr:
      return 3;
    case GateKind::kXor:
      return 4;
    case GateKind::kNand:
      return 5;
    case GateKind::kNor:
      return 6;
    case GateKind::kXnor:
      break;
  }
  return 7;
}

}  // namespace

std::string to_c(const Netlist& netlist, const std::string& name) {
  std::string text =
      fmt::format("#include <stdint.h>\n\nint16_t {}(int8_t A, int8_t B)\n{{\n", name);
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    text += fmt::format("  uint8_t n{} = {};\n", net_of_gate(i), c_expression(netlist.gates[i]));
  }
  text += "  uint16_t P = 0;\n";
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    text += fmt::format("  P |= {} << {};\n", c_net(netlist.outputs[j]), j);
  }
  return text + "  return (int16_t)P;\n}\n";
}

std::string to_blif(const Netlist& netlist, const std::string& name) {
  std::string text = ".model " + name + "\n.inputs";
  for (std::uint32_t net = 0; net < Netlist::kNumInputs; ++net) text += " " + blif_net(net);
  text += "\n.outputs";
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) text += fmt::format(" y[{}]", j);
  text += "\n";
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    text += ".names " + blif_cover(netlist.gates[i], blif_net(net_of_gate(i)));
  }
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    text += fmt::format(".names {} y[{}]\n1 1\n", blif_net(netlist.outputs[j]), j);
  }
  return text + ".end\n";
}

std::string to_cgp(const Netlist& netlist) {
  constexpr std::uint32_t kNumConstants = 2;
  const auto number = [](std::uint32_t net) { return net + kNumConstants; };
  std::string text = fmt::format("{{16,16,1,{},2,1,0}}", netlist.gates.size());
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    const Gate& gate = netlist.gates[i];
    const bool is_constant = gate.kind == GateKind::kConst0 || gate.kind == GateKind::kConst1;
    const std::uint32_t a = is_constant ? (gate.kind == GateKind::kConst1 ? 1 : 0) : number(gate.a);
    text += fmt::format("([{}]{},{},{})", number(net_of_gate(i)), a, number(gate.b),
                        cgp_function(gate.kind));
  }
  text += "(";
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    text += fmt::format("{}{}", j == 0 ? "" : ",", number(netlist.outputs[j]));
  }
  return text + ")\n";
}

}  // namespace deepaxe::frontend::circuit
