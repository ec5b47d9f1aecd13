#include "deepaxe/hw/power/switching.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace deepaxe::hw::power {
namespace {

using arith::Gate;
using arith::GateKind;
using arith::Netlist;

constexpr std::size_t kBlock = 64;  // Steps that are counted at once: bits of a word.

// Appends the gates between `net` and the leaves, fan-ins first.
void collect(const std::vector<Gate>& gates, std::uint32_t net,
             const std::vector<std::uint32_t>& leaves, std::vector<std::uint32_t>& cone) {
  if (net < Netlist::kNumInputs || std::ranges::binary_search(leaves, net) ||
      std::ranges::find(cone, net) != cone.end()) {
    return;
  }
  const Gate& gate = gates[net - Netlist::kNumInputs];
  if (gate.kind != GateKind::kConst0 && gate.kind != GateKind::kConst1) {
    collect(gates, gate.a, leaves, cone);
    if (gate.kind != GateKind::kNot) collect(gates, gate.b, leaves, cone);
  }
  cone.push_back(net);
}

// Bit p of inputs[i] is input net i of pairs[first + p].
void set_inputs(std::span<const OperandPair> pairs, std::vector<std::uint64_t>& values) {
  std::fill_n(values.begin(), Netlist::kNumInputs, 0);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const unsigned bits = static_cast<std::uint8_t>(pairs[p].activation) |
                          static_cast<unsigned>(static_cast<std::uint8_t>(pairs[p].weight)) << 8;
    for (std::size_t i = 0; i < Netlist::kNumInputs; ++i) {
      values[i] |= std::uint64_t{bits >> i & 1U} << p;
    }
  }
}

}  // namespace

SwitchingModel::SwitchingModel(const Netlist& netlist, std::span<const cost::Lut> luts)
    : gates_(netlist.gates), levels_(cost::lut_levels(luts)) {
  for (const cost::Lut& lut : luts) {
    Cone cone{.root = lut.root, .leaves = lut.leaves, .gates = {}};
    collect(gates_, lut.root, lut.leaves, cone.gates);
    luts_.push_back(std::move(cone));
  }
}

// The cone's gates into `scratch`, from leaves as they are in `before`.
void SwitchingModel::evaluate(const Cone& cone, const Values& before, Values& scratch) const {
  for (const std::uint32_t leaf : cone.leaves) scratch[leaf] = before[leaf];
  for (const std::uint32_t net : cone.gates) {
    const Gate& gate = gates_[net - Netlist::kNumInputs];
    scratch[net] = arith::evaluate_gate(gate.kind, scratch[gate.a], scratch[gate.b]);
  }
}

void SwitchingModel::settle(Values& values) const {
  for (const Cone& cone : luts_) evaluate(cone, values, values);
}

ToggleCounts SwitchingModel::count_block(std::span<const OperandPair> pairs) const {
  const std::size_t steps = pairs.size() - 1;
  const std::uint64_t used = ~std::uint64_t{0} >> (kBlock - steps);
  Values now(Netlist::kNumInputs + gates_.size());
  set_inputs(pairs.first(steps), now);
  settle(now);
  const Values start = now;
  Values scratch(now.size()), next;
  set_inputs(pairs.last(steps), now);
  ToggleCounts counts;
  // After as many units as there are levels all LUTs are settled.
  for (int unit = 0; unit < levels_; ++unit) {
    next = now;
    for (const Cone& cone : luts_) {
      evaluate(cone, now, scratch);
      next[cone.root] = scratch[cone.root];
      counts.unit_delay +=
          static_cast<std::uint64_t>(std::popcount((next[cone.root] ^ now[cone.root]) & used));
    }
    now.swap(next);
  }
  for (const Cone& cone : luts_) {
    counts.settled +=
        static_cast<std::uint64_t>(std::popcount((now[cone.root] ^ start[cone.root]) & used));
  }
  return counts;
}

ToggleCounts SwitchingModel::count(std::span<const OperandPair> pairs) const {
  ToggleCounts counts;
  for (std::size_t first = 0; first + 1 < pairs.size(); first += kBlock) {
    counts += count_block(pairs.subspan(first, std::min(kBlock + 1, pairs.size() - first)));
  }
  return counts;
}

}  // namespace deepaxe::hw::power
