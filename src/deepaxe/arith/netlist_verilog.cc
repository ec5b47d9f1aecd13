#include "deepaxe/arith/netlist_verilog.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

namespace deepaxe::arith {
namespace {

std::string net_name(std::uint32_t net) {
  if (net < 8) return fmt::format("a[{}]", net);
  if (net < Netlist::kNumInputs) return fmt::format("b[{}]", net - 8);
  return fmt::format("n{}", net);
}

std::string expression(const Gate& gate) {
  const std::string a = net_name(gate.a), b = net_name(gate.b);
  switch (gate.kind) {
    case GateKind::kConst0:
      return "1'b0";
    case GateKind::kConst1:
      return "1'b1";
    case GateKind::kNot:
      return "~" + a;
    case GateKind::kAnd:
      return a + " & " + b;
    case GateKind::kOr:
      return a + " | " + b;
    case GateKind::kXor:
      return a + " ^ " + b;
    case GateKind::kNand:
      return "~(" + a + " & " + b + ")";
    case GateKind::kNor:
      return "~(" + a + " | " + b + ")";
    case GateKind::kXnor:
      break;
  }
  return "~(" + a + " ^ " + b + ")";
}

}  // namespace

std::string to_verilog(const Netlist& netlist, const std::string& name) {
  std::string text =
      fmt::format("module {}(input [7:0] a, input [7:0] b, output [15:0] y);\n", name);
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    const std::uint32_t net = Netlist::kNumInputs + static_cast<std::uint32_t>(i);
    text += fmt::format("  wire {} = {};\n", net_name(net), expression(netlist.gates[i]));
  }
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    text += fmt::format("  assign y[{}] = {};\n", j, net_name(netlist.outputs[j]));
  }
  return text + "endmodule\n";
}

}  // namespace deepaxe::arith
