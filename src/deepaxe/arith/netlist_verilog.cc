#include "deepaxe/arith/netlist_verilog.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

#include "deepaxe/arith/gate_text.h"

namespace deepaxe::arith {
namespace {

std::string net_name(std::uint32_t net) {
  if (net < 8) return fmt::format("a[{}]", net);
  if (net < Netlist::kNumInputs) return fmt::format("b[{}]", net - 8);
  return fmt::format("n{}", net);
}

constexpr GateSyntax kVerilog = {
    .zero = "1'b0", .one = "1'b1", .before_inverted = "~", .after_inverted = ""};

std::string expression(const Gate& gate) {
  return gate_text(gate.kind, net_name(gate.a), net_name(gate.b), kVerilog);
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
