#include "deepaxe/hw/cost/lut_mapping.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

#include "deepaxe/arith/library.h"

namespace deepaxe::hw::cost {
namespace {

using arith::GateKind;
using arith::Netlist;

// A chain: xor of the first `num_inputs` nets on every output.
Netlist parity_of(std::uint32_t num_inputs) {
  Netlist netlist;
  std::uint32_t last = 0;
  for (std::uint32_t input = 1; input < num_inputs; ++input) {
    netlist.gates.push_back({GateKind::kXor, last, input});
    last = Netlist::kNumInputs + input - 1;
  }
  netlist.outputs.fill(last);
  return netlist;
}

TEST(LutMapping, CoversAChainWithTheFewestLuts) {
  EXPECT_EQ(count_luts(parity_of(1)), 0);  // A wire.
  for (std::uint32_t n = 2; n <= 16; ++n) {
    EXPECT_EQ(count_luts(parity_of(n)), static_cast<int>((n - 1 + 4) / 5)) << n << " inputs";
  }
}

TEST(LutMapping, AbsorbsInvertersAndConstants) {
  Netlist netlist;
  netlist.gates = {{GateKind::kConst1, 0, 0},
                   {GateKind::kNot, 0, 0},
                   {GateKind::kAnd, 16, 17},
                   {GateKind::kOr, 18, 8}};
  netlist.outputs.fill(19);
  EXPECT_EQ(count_luts(netlist), 1);
  netlist.outputs.fill(16);
  EXPECT_EQ(count_luts(netlist), 0);
}

TEST(LutMapping, CountsOnlyWhatOutputsNeed) {
  Netlist netlist = parity_of(16);
  netlist.outputs.fill(16);  // The first gate.
  EXPECT_EQ(count_luts(netlist), 1);
}

TEST(LutMapping, NeverNeedsMoreLutsThanGates) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const Netlist netlist = netlist_of(*arith::find_multiplier(entry.name));
    const int num_luts = count_luts(netlist);
    EXPECT_GT(num_luts, 0) << entry.name;
    EXPECT_LE(num_luts, static_cast<int>(netlist.gates.size())) << entry.name;
    EXPECT_EQ(num_luts, count_luts(netlist)) << entry.name;
  }
}

// A chain of 15 gates needs three levels: it is not restructured.
TEST(LutMapping, MapsForFewerLevelsThanForArea) {
  EXPECT_EQ(lut_levels(map_luts(parity_of(16), MappingGoal::kDepth)), 3);
  for (const arith::LibraryEntry& entry : arith::library()) {
    const Netlist& netlist = netlist_of(*arith::find_multiplier(entry.name));
    const auto deep = map_luts(netlist, MappingGoal::kArea);
    const auto flat = map_luts(netlist, MappingGoal::kDepth);
    EXPECT_LE(lut_levels(flat), lut_levels(deep)) << entry.name;
  }
}

TEST(LutMapping, EveryLutReadsInputsAndEarlierLuts) {
  const Netlist& netlist = netlist_of(*arith::find_multiplier("1KV6"));
  for (const MappingGoal goal : {MappingGoal::kArea, MappingGoal::kDepth}) {
    std::set<std::uint32_t> known;
    for (std::uint32_t input = 0; input < Netlist::kNumInputs; ++input) known.insert(input);
    for (const Lut& lut : map_luts(netlist, goal)) {
      EXPECT_LE(lut.leaves.size(), 6U);
      for (const std::uint32_t leaf : lut.leaves) EXPECT_TRUE(known.contains(leaf));
      known.insert(lut.root);
    }
    for (const std::uint32_t net : netlist.outputs) EXPECT_TRUE(known.contains(net));
  }
}

}  // namespace
}  // namespace deepaxe::hw::cost
