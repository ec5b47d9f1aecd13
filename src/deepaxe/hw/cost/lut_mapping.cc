#include "deepaxe/hw/cost/lut_mapping.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <unordered_map>
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
  int depth = 0;         // LUT levels, its own included, if all leaves are as early as can be.
};

bool is_constant(const Gate& gate) {
  return gate.kind == GateKind::kConst0 || gate.kind == GateKind::kConst1;
}

class Mapper {
 public:
  Mapper(const Netlist& netlist, MappingGoal goal)
      : netlist_(netlist),
        goal_(goal),
        num_nets_(Netlist::kNumInputs + netlist.gates.size()),
        fan_out_(num_nets_),
        flow_(num_nets_),
        depth_(num_nets_),
        cuts_(num_nets_) {
    for (const Gate& gate : netlist.gates) {
      if (is_constant(gate)) continue;
      fan_out_[gate.a] += 1;
      if (gate.kind != GateKind::kNot) fan_out_[gate.b] += 1;
    }
    for (const std::uint32_t net : netlist.outputs) fan_out_[net] += 1;
  }

  std::vector<Lut> map() {
    std::vector<Lut> least;
    for (int round = 0; round < kRounds; ++round) {
      choose_cuts();
      std::vector<Lut> luts = cover();
      if (round == 0 || luts.size() < least.size()) least = std::move(luts);
    }
    return least;
  }

 private:
  void choose_cuts() {
    for (std::uint32_t net = 0; net < num_nets_; ++net) {
      std::vector<Cut>& cuts = cuts_[net];
      cuts.clear();
      if (net >= Netlist::kNumInputs) add_cuts_of_gate(net, cuts);
      if (!cuts.empty()) {
        flow_[net] = cuts.front().area_flow / std::max(1.0, fan_out_[net]);
        depth_[net] = cuts.front().depth;
      }
      const bool is_source = net >= Netlist::kNumInputs && is_constant(gate_of(net));
      if (!is_source)
        cuts.push_back({{net}, flow_[net], depth_[net]});  // The net itself, as a leaf.
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
    const auto is_better = [this](const Cut& x, const Cut& y) {
      if (goal_ == MappingGoal::kDepth && x.depth != y.depth) return x.depth < y.depth;
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
    for (const std::uint32_t leaf : merged.leaves) {
      merged.area_flow += flow_[leaf];
      merged.depth = std::max(merged.depth, depth_[leaf] + 1);
    }
    cuts.push_back(std::move(merged));
  }

  // The level by which every output has to be there.
  int latest_level() const {
    if (goal_ == MappingGoal::kArea) return std::numeric_limits<int>::max();
    int latest = 0;
    for (const std::uint32_t net : netlist_.outputs) latest = std::max(latest, depth_[net]);
    return latest;
  }

  // The cut of the fewest LUTs that is there in time.
  const Cut& choose_cut(std::size_t net, int required) const {
    const std::vector<Cut>& cuts = cuts_[net];
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < cuts.size(); ++i) {  // The last one is the net itself.
      if (cuts[i].depth <= required && cuts[i].area_flow < cuts[best].area_flow) best = i;
    }
    return cuts[best];
  }

  // Takes a cut of every net needed, from the outputs down, and learns the fan-out.
  std::vector<Lut> cover() {
    std::vector<double> references(num_nets_);
    std::vector<int> required(num_nets_, latest_level());
    std::vector<Lut> luts;
    for (const std::uint32_t net : netlist_.outputs) references[net] += 1;
    for (std::size_t net = num_nets_; net-- > Netlist::kNumInputs;) {
      if (references[net] == 0 || is_constant(gate_of(static_cast<std::uint32_t>(net)))) continue;
      const Cut& cut = choose_cut(net, required[net]);
      luts.push_back({static_cast<std::uint32_t>(net), cut.leaves});
      for (const std::uint32_t leaf : cut.leaves) {
        references[leaf] += 1;
        required[leaf] = std::min(required[leaf], required[net] - 1);
      }
    }
    for (std::size_t net = 0; net < num_nets_; ++net) {
      fan_out_[net] = (fan_out_[net] + references[net]) / 2;  // Damped, or choices oscillate.
    }
    std::reverse(luts.begin(), luts.end());
    return luts;
  }

  const Netlist& netlist_;
  MappingGoal goal_;
  std::size_t num_nets_;
  std::vector<double> fan_out_;         // By net.
  std::vector<double> flow_;            // By net; 0 for inputs and constants.
  std::vector<int> depth_;              // By net: levels of its best cut; 0 for inputs.
  std::vector<std::vector<Cut>> cuts_;  // By net, best first, the net itself last.
};

}  // namespace

std::vector<Lut> map_luts(const Netlist& netlist, MappingGoal goal) {
  return Mapper(netlist, goal).map();
}

int count_luts(const Netlist& netlist) {
  return static_cast<int>(map_luts(netlist, MappingGoal::kArea).size());
}

int lut_levels(std::span<const Lut> luts) {
  std::unordered_map<std::uint32_t, int> levels;  // By root; inputs are not there.
  int most = 0;
  for (const Lut& lut : luts) {
    int level = 0;
    for (const std::uint32_t leaf : lut.leaves) {
      const auto driver = levels.find(leaf);
      if (driver != levels.end()) level = std::max(level, driver->second);
    }
    most = std::max(most, levels[lut.root] = level + 1);
  }
  return most;
}

}  // namespace deepaxe::hw::cost
