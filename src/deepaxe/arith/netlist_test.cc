#include "deepaxe/arith/netlist.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::arith {
namespace {

constexpr std::uint64_t kOnes = ~std::uint64_t{0};

// `num_gates` gates of any kind on any earlier nets; the outputs are any nets.
Netlist random_netlist(std::uint64_t seed, std::uint32_t num_gates) {
  const base::CounterRng rng(seed);
  Netlist netlist;
  for (std::uint32_t i = 0; i < num_gates; ++i) {
    const std::uint32_t num_nets = Netlist::kNumInputs + i;
    const std::array<std::uint32_t, 4> words = rng.words(i);
    netlist.gates.push_back(
        {static_cast<GateKind>(words[0] % 9), words[1] % num_nets, words[2] % num_nets});
  }
  for (std::uint32_t j = 0; j < 16; ++j) {
    netlist.outputs[j] = rng.words(num_gates + j)[0] % (Netlist::kNumInputs + num_gates);
  }
  return netlist;
}

// One operand pair at a time, by the truth of each gate: the plain definition.
std::int16_t product_of(const Netlist& netlist, unsigned a, unsigned b) {
  std::vector<bool> value;
  for (unsigned i = 0; i < 8; ++i) value.push_back((a >> i & 1) != 0);
  for (unsigned i = 0; i < 8; ++i) value.push_back((b >> i & 1) != 0);
  for (const Gate& gate : netlist.gates) {
    const bool x = value[gate.a], y = value[gate.b];
    switch (gate.kind) {
      case GateKind::kConst0:
        value.push_back(false);
        break;
      case GateKind::kConst1:
        value.push_back(true);
        break;
      case GateKind::kNot:
        value.push_back(!x);
        break;
      case GateKind::kAnd:
        value.push_back(x && y);
        break;
      case GateKind::kOr:
        value.push_back(x || y);
        break;
      case GateKind::kXor:
        value.push_back(x != y);
        break;
      case GateKind::kNand:
        value.push_back(!(x && y));
        break;
      case GateKind::kNor:
        value.push_back(!(x || y));
        break;
      case GateKind::kXnor:
        value.push_back(x == y);
        break;
    }
  }
  unsigned product = 0;
  for (unsigned j = 0; j < 16; ++j) product |= unsigned{value[netlist.outputs[j]]} << j;
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(product));
}

TEST(Netlist, BitParallelTableEqualsOneByOneEvaluation) {
  const Netlist netlist = random_netlist(/*seed=*/1, 200);
  const std::vector<std::int16_t> table = tabulate(netlist);
  ASSERT_EQ(table.size(), 65536U);
  for (unsigned pair = 0; pair < 65536; pair += 7) {
    ASSERT_EQ(table[pair], product_of(netlist, pair >> 8, pair & 255)) << "pair " << pair;
  }
}

// Inputs, gates and outputs alike; the definition is one product, gate after gate.
TEST(Netlist, FaultyTableEqualsOneByOneEvaluation) {
  const Netlist netlist = random_netlist(/*seed=*/4, 120);
  for (const auto kind :
       {NetFault::Kind::kStuckAt0, NetFault::Kind::kStuckAt1, NetFault::Kind::kInverted}) {
    for (std::uint32_t net = 0; net < netlist.num_nets(); net += 5) {
      const NetFault fault{net, kind};
      const std::vector<std::int16_t> table = tabulate(netlist, fault);
      for (unsigned pair = 0; pair < 65536; pair += 1013) {
        const auto a = static_cast<std::int8_t>(pair >> 8), b = static_cast<std::int8_t>(pair);
        ASSERT_EQ(table[pair], product(netlist, fault, a, b)) << "net " << net << ", pair " << pair;
      }
    }
  }
}

TEST(Netlist, ProductEqualsOneByOneEvaluation) {
  const Netlist netlist = random_netlist(/*seed=*/5, 150);
  for (unsigned pair = 0; pair < 65536; pair += 911) {
    ASSERT_EQ(
        product(netlist, {}, static_cast<std::int8_t>(pair >> 8), static_cast<std::int8_t>(pair)),
        product_of(netlist, pair >> 8, pair & 255));
  }
}

TEST(Netlist, SimplifyKeepsTheFunctionAndNeverGrows) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Netlist netlist = random_netlist(seed, 20 + static_cast<std::uint32_t>(seed) * 5);
    const Netlist simple = simplify(netlist);
    ASSERT_EQ(tabulate(simple), tabulate(netlist)) << "seed " << seed;
    EXPECT_LE(simple.gates.size(), netlist.gates.size() + 2) << "seed " << seed;  // 2 constants.
    EXPECT_EQ(simplify(simple).gates.size(), simple.gates.size()) << "seed " << seed;
  }
}

TEST(Netlist, SimplifiedGatesFollowTheirFanInsAndAreAllUsed) {
  const Netlist simple = simplify(random_netlist(/*seed=*/3, 300));
  std::vector<bool> is_used(Netlist::kNumInputs + simple.gates.size());
  for (std::size_t i = 0; i < simple.gates.size(); ++i) {
    EXPECT_LT(simple.gates[i].a, Netlist::kNumInputs + i);
    EXPECT_LT(simple.gates[i].b, Netlist::kNumInputs + i);
    is_used[simple.gates[i].a] = is_used[simple.gates[i].b] = true;
  }
  for (const std::uint32_t net : simple.outputs) is_used[net] = true;
  for (std::size_t i = 0; i < simple.gates.size(); ++i) {
    EXPECT_TRUE(is_used[Netlist::kNumInputs + i]) << "gate " << i;
  }
}

TEST(Netlist, SimplifyFoldsAGateAndItsInverse) {
  Netlist netlist;  // xor(a0, not a0) is 1; and(1, b0) is b0; or(b0, b0) is b0.
  netlist.gates = {{GateKind::kNot, 0, 0},
                   {GateKind::kXor, 0, 16},
                   {GateKind::kAnd, 17, 8},
                   {GateKind::kOr, 18, 18}};
  netlist.outputs.fill(19);
  const Netlist simple = simplify(netlist);
  EXPECT_TRUE(simple.gates.empty());
  for (const std::uint32_t net : simple.outputs) EXPECT_EQ(net, 8U);
}

TEST(Netlist, EvaluatesSixtyFourPairsIndependently) {
  Netlist netlist;
  netlist.gates = {{GateKind::kNand, 0, 8}};
  netlist.outputs.fill(16);
  std::array<std::uint64_t, 16> inputs{};
  inputs[0] = 0x00FF;
  inputs[8] = 0x0FF0;
  for (const std::uint64_t output : evaluate(netlist, inputs)) EXPECT_EQ(output, kOnes ^ 0x00F0);
}

TEST(Netlist, DepthCountsTheLongestPathToAnOutput) {
  Netlist netlist;
  EXPECT_EQ(depth(netlist), 0);
  netlist.gates = {{GateKind::kAnd, 0, 8}, {GateKind::kXor, 16, 1}, {GateKind::kNot, 17, 0}};
  netlist.outputs.fill(17);  // The inverter is on no path to an output.
  EXPECT_EQ(depth(netlist), 2);
}

TEST(Netlist, EveryGateKindHasAName) {
  EXPECT_EQ(gate_name(GateKind::kConst0), "const0");
  EXPECT_EQ(gate_name(GateKind::kXnor), "xnor");
}

}  // namespace
}  // namespace deepaxe::arith
