#include "deepaxe/hw/cost/lut_mapping.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace deepaxe::hw::cost {
namespace {

using arith::Gate;
using arith::GateKind;
using arith::Netlist;

constexpr std::size_t kLutInputs = 6;
constexpr std::size_t kCutsKept = 12;  // Per net; more change the counts by less than 1 %.
constexpr int kRounds = 4;             // Fan-out is first that of gates, then that of LUTs.

// A set of nets, sorted, from which one net can be computed.
struct Cut {
  std::vector<std::uint32_t> leaves;
  double area_flow = 0;  // LUTs of the cone, each shared out over its fan-out.
};

bool is_constant(const Gate& gate) {
  return gate.kind == GateKind::kConst0 || gate.kind == GateKind::kConst1;
}

class Mapper {
 public:
  explicit Mapper(const Netlist& netlist)
      : netlist_(netlist),
        num_nets_(Netlist::kNumInputs + netlist.gates.size()),
        fan_out_(num_nets_),
        flow_(num_nets_),
        cuts_(num_nets_) {
    for (const Gate& gate : netlist.gates) {
      if (is_constant(gate)) continue;
      fan_out_[gate.a] += 1;
      if (gate.kind != GateKind::kNot) fan_out_[gate.b] += 1;
    }
    for (const std::uint32_t net : netlist.outputs) fan_out_[net] += 1;
  }

  int count() {
    int least = static_cast<int>(netlist_.gates.size());
    for (int round = 0; round < kRounds; ++round) {
      choose_cuts();
      least = std::min(least, cover());
    }
    return least;
  }

 private:
  void choose_cuts() {
    for (std::uint32_t net = 0; net < num_nets_; ++net) {
      std::vector<Cut>& cuts = cuts_[net];
      cuts.clear();
      if (net >= Netlist::kNumInputs) add_cuts_of_gate(net, cuts);
      if (!cuts.empty()) flow_[net] = cuts.front().area_flow / std::max(1.0, fan_out_[net]);
      const bool is_source = net >= Netlist::kNumInputs && is_constant(gate_of(net));
      if (!is_source) cuts.push_back({{net}, flow_[net]});  // The net itself, as a leaf.
    }
  }

  const Gate& gate_of(std::uint32_t net) const { return netlist_.gates[net - Netlist::kNumInputs]; }

  void add_cuts_of_gate(std::uint32_t net, std::vector<Cut>& cuts) const {
    const Gate& gate = gate_of(net);
    if (is_constant(gate)) {
      cuts.push_back({});  // Part of any LUT, and none by itself.
      return;
    }
    const std::uint32_t b = gate.kind == GateKind::kNot ? gate.a : gate.b;
    for (const Cut& left : cuts_[gate.a]) {
      for (const Cut& right : cuts_[b]) add_merged(left, right, cuts);
    }
    const auto is_better = [](const Cut& x, const Cut& y) {
      if (x.area_flow != y.area_flow) return x.area_flow < y.area_flow;
      if (x.leaves.size() != y.leaves.size()) return x.leaves.size() < y.leaves.size();
      return x.leaves < y.leaves;
    };
    std::sort(cuts.begin(), cuts.end(), is_better);
    const auto is_same = [](const Cut& x, const Cut& y) { return x.leaves == y.leaves; };
    cuts.erase(std::unique(cuts.begin(), cuts.end(), is_same), cuts.end());
    if (cuts.size() > kCutsKept) cuts.resize(kCutsKept);
  }

  void add_merged(const Cut& left, const Cut& right, std::vector<Cut>& cuts) const {
    Cut merged;
    std::set_union(left.leaves.begin(), left.leaves.end(), right.leaves.begin(), right.leaves.end(),
                   std::back_inserter(merged.leaves));
    if (merged.leaves.size() > kLutInputs) return;
    merged.area_flow = 1;
    for (const std::uint32_t leaf : merged.leaves) merged.area_flow += flow_[leaf];
    cuts.push_back(std::move(merged));
  }

  // Takes the best cut of every net needed, from the outputs down, and learns the fan-out.
  int cover() {
    std::vector<double> references(num_nets_);
    for (const std::uint32_t net : netlist_.outputs) references[net] += 1;
    int num_luts = 0;
    for (std::size_t net = num_nets_; net-- > Netlist::kNumInputs;) {
      if (references[net] == 0 || is_constant(gate_of(static_cast<std::uint32_t>(net)))) continue;
      ++num_luts;
      for (const std::uint32_t leaf : cuts_[net].front().leaves) references[leaf] += 1;
    }
    for (std::size_t net = 0; net < num_nets_; ++net) {
      fan_out_[net] = (fan_out_[net] + references[net]) / 2;  // Damped, or choices oscillate.
    }
    return num_luts;
  }

  const Netlist& netlist_;
  std::size_t num_nets_;
  std::vector<double> fan_out_;         // By net.
  std::vector<double> flow_;            // By net; 0 for inputs and constants.
  std::vector<std::vector<Cut>> cuts_;  // By net, best first, the net itself last.
};

}  // namespace

int count_luts(const Netlist& netlist) { return Mapper(netlist).count(); }

}  // namespace deepaxe::hw::cost
