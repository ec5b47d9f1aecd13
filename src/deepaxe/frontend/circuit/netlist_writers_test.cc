#include "deepaxe/frontend/circuit/netlist_writers.h"

#include <gtest/gtest.h>

#include "deepaxe/arith/netlist_verilog.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

// Gates of every kind on any earlier nets, as no family has them.
arith::Netlist random_netlist(std::uint64_t seed) {
  const base::CounterRng rng(seed);
  arith::Netlist netlist;
  std::uint64_t next = 0;
  for (std::uint32_t i = 0; i < 120; ++i) {
    const std::uint32_t nets = arith::Netlist::kNumInputs + i;
    netlist.gates.push_back({static_cast<arith::GateKind>(rng.below(9, next)),
                             static_cast<std::uint32_t>(rng.below(nets, next + 1)),
                             static_cast<std::uint32_t>(rng.below(nets, next + 2))});
    next += 3;
  }
  for (std::uint32_t& net : netlist.outputs) {
    net = static_cast<std::uint32_t>(rng.below(arith::Netlist::kNumInputs + 120, next++));
  }
  return netlist;
}

TEST(NetlistWriters, AnyNetlistIsReadBackAsTheSameFunction) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const arith::Netlist netlist = random_netlist(seed);
    const arith::ProductTable expected{
        .signedness = Signedness::kSigned,
        .products = arith::to_table(arith::Multiplier(arith::tabulate(netlist))).products};
    for (const auto& [text, file] : {std::pair{to_c(netlist, "mul8s_x"), "x.c"},
                                     {to_blif(netlist, "mul8s_x"), "x.blif"},
                                     {to_cgp(netlist), "mul8s_x.cgp"}}) {
      EXPECT_EQ(parse_text_file(text, file).table.products, expected.products) << seed << file;
    }
  }
}

TEST(NetlistWriters, ACircuitIsReadBackWithNoMoreGates) {
  for (const char* name : {"1KVP", "1L2L", "drum(4)", "mitchell", "roba"}) {
    const arith::Netlist& netlist = arith::netlist_of(*arith::find_multiplier(name));
    for (const auto& [text, file] : {std::pair{to_c(netlist, "mul8s_x"), "x.c"},
                                     {to_blif(netlist, "mul8s_x"), "x.blif"},
                                     {arith::to_verilog(netlist, "mul8s_x"), "x.v"},
                                     {to_cgp(netlist), "mul8s_x.cgp"}}) {
      const Circuit circuit = parse_text_file(text, file);
      ASSERT_TRUE(circuit.netlist) << name << file;
      EXPECT_LE(circuit.netlist->gates.size(), netlist.gates.size()) << name << file;
    }
  }
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
