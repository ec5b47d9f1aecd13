#include "deepaxe/hw/power/switching.h"

#include <gtest/gtest.h>

#include <map>

#include "deepaxe/arith/library.h"

namespace deepaxe::hw::power {
namespace {

using arith::Netlist;

// Deterministic, without a pattern that a multiplier would see.
std::vector<OperandPair> mixed_pairs(std::size_t count) {
  std::vector<OperandPair> pairs(count);
  std::uint32_t state = 1;
  for (OperandPair& pair : pairs) {
    state = state * 1664525U + 1013904223U;
    pair = {static_cast<std::int8_t>(state >> 24), static_cast<std::int8_t>(state >> 16)};
  }
  return pairs;
}

// By the definition: every net of one pair, gate after gate.
std::vector<bool> values_of(const Netlist& netlist, const OperandPair& pair) {
  std::vector<bool> values;
  for (int i = 0; i < 8; ++i) values.push_back(pair.activation >> i & 1);
  for (int i = 0; i < 8; ++i) values.push_back(pair.weight >> i & 1);
  for (const arith::Gate& gate : netlist.gates) {
    const std::uint64_t a = values[gate.a], b = values[gate.b];
    values.push_back((arith::evaluate_gate(gate.kind, a, b) & 1) != 0);
  }
  return values;
}

TEST(Switching, SettledTogglesAreThoseOfANaiveSimulation) {
  for (const char* name : {"1KV6", "1KVP", "mitchell"}) {
    const Netlist& netlist = netlist_of(*arith::find_multiplier(name));
    const std::vector<OperandPair> pairs = mixed_pairs(150);
    const std::vector<cost::Lut> luts = cost::map_luts(netlist, cost::MappingGoal::kDepth);
    std::uint64_t toggles = 0;
    for (std::size_t p = 1; p < pairs.size(); ++p) {
      const auto before = values_of(netlist, pairs[p - 1]), after = values_of(netlist, pairs[p]);
      for (const cost::Lut& lut : luts) toggles += before[lut.root] != after[lut.root];
    }
    EXPECT_EQ(SwitchingModel(netlist).count(pairs).settled, toggles) << name;
  }
}

TEST(Switching, AConstantStreamDoesNotToggle) {
  const SwitchingModel model(netlist_of(*arith::find_multiplier("1KV6")));
  EXPECT_EQ(model.count(std::vector<OperandPair>(200, {-7, 93})), ToggleCounts{});
  EXPECT_EQ(model.count({}), ToggleCounts{});
}

TEST(Switching, GlitchesOnlyAdd) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const SwitchingModel model(netlist_of(*arith::find_multiplier(entry.name)));
    const ToggleCounts counts = model.count(mixed_pairs(500));
    EXPECT_GE(counts.unit_delay, counts.settled) << entry.name;
    EXPECT_EQ((counts.unit_delay - counts.settled) % 2, 0U) << entry.name;  // There and back.
  }
}

TEST(Switching, ASequenceIsTheSumOfItsSteps) {
  const SwitchingModel model(netlist_of(*arith::find_multiplier("1KV9")));
  const std::vector<OperandPair> pairs = mixed_pairs(200);
  ToggleCounts sum;
  for (std::size_t p = 1; p < pairs.size(); ++p) {
    sum += model.count(std::span(pairs).subspan(p - 1, 2));
  }
  EXPECT_EQ(model.count(pairs), sum);
}

// One level has no time for a glitch.
TEST(Switching, ASingleLutDoesNotGlitch) {
  Netlist netlist;
  netlist.gates = {{arith::GateKind::kAnd, 0, 8}};
  netlist.outputs.fill(16);
  const ToggleCounts counts = SwitchingModel(netlist).count(mixed_pairs(300));
  EXPECT_GT(counts.settled, 0U);
  EXPECT_EQ(counts.unit_delay, counts.settled);
}

}  // namespace
}  // namespace deepaxe::hw::power
