#include "deepaxe/arith/netlist.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "deepaxe/base/assertion.h"

namespace deepaxe::arith {
namespace {

// A net during simplification: a net of the new circuit, or a constant that needs no gate yet.
constexpr std::uint32_t kFalse = 0xFFFF'FFFE;
constexpr std::uint32_t kTrue = 0xFFFF'FFFF;

// By GateKind.
constexpr std::array<std::string_view, 9> kGateNames = {"const0", "const1", "not", "and", "or",
                                                        "xor",    "nand",   "nor", "xnor"};

bool is_constant(std::uint32_t net) { return net == kFalse || net == kTrue; }

bool has_second_fan_in(GateKind kind) {
  return kind != GateKind::kConst0 && kind != GateKind::kConst1 && kind != GateKind::kNot;
}
bool has_fan_in(GateKind kind) { return kind != GateKind::kConst0 && kind != GateKind::kConst1; }

// Rebuilds a circuit gate by gate; every added gate is folded and shared where it can be.
class Builder {
 public:
  std::uint32_t add(GateKind kind, std::uint32_t a, std::uint32_t b) {
    if (kind == GateKind::kConst0) return kFalse;
    if (kind == GateKind::kConst1) return kTrue;
    if (kind == GateKind::kNot) return add_not(a);
    if (is_constant(a)) std::swap(a, b);
    if (is_constant(b)) return fold_constant(kind, a, b);
    if (a > b) std::swap(a, b);  // All two-input kinds commute.
    if (a == b) return fold_pair(kind, a, /*complement=*/false);
    if (known_inverse_of(a) == b) return fold_pair(kind, a, /*complement=*/true);
    return shared({kind, a, b});
  }

  /// A real net for `net`; constants get their gate here.
  std::uint32_t materialize(std::uint32_t net) {
    if (net == kFalse) return shared({GateKind::kConst0, 0, 0});
    if (net == kTrue) return shared({GateKind::kConst1, 0, 0});
    return net;
  }

  std::vector<Gate> take_gates() { return std::move(gates_); }

 private:
  std::uint32_t add_not(std::uint32_t a) {
    if (a == kFalse) return kTrue;
    if (a == kTrue) return kFalse;
    const std::uint32_t inverse = known_inverse_of(a);
    return inverse != kFalse ? inverse : shared({GateKind::kNot, a, 0});
  }

  // The net known to be the inverse of `a`; kFalse where there is none.
  std::uint32_t known_inverse_of(std::uint32_t a) const {
    if (a >= Netlist::kNumInputs) {
      const Gate& gate = gates_[a - Netlist::kNumInputs];
      if (gate.kind == GateKind::kNot) return gate.a;
    }
    const auto found = net_of_gate_.find(key({GateKind::kNot, a, 0}));
    return found == net_of_gate_.end() ? kFalse : found->second;
  }

  // kind(a, constant): the value for a = 0 and a = 1 decides between 0, 1, a and not a.
  std::uint32_t fold_constant(GateKind kind, std::uint32_t a, std::uint32_t constant) {
    const std::uint64_t b = constant == kTrue ? ~std::uint64_t{0} : 0;
    if (a == kFalse || a == kTrue) {
      return (evaluate_gate(kind, a == kTrue ? ~std::uint64_t{0} : 0, b) & 1) != 0 ? kTrue : kFalse;
    }
    return choose(evaluate_gate(kind, 0, b), evaluate_gate(kind, ~std::uint64_t{0}, b), a);
  }

  // kind(a, a) or kind(a, not a).
  std::uint32_t fold_pair(GateKind kind, std::uint32_t a, bool complement) {
    const std::uint64_t ones = ~std::uint64_t{0};
    return choose(evaluate_gate(kind, 0, complement ? ones : 0),
                  evaluate_gate(kind, ones, complement ? 0 : ones), a);
  }

  std::uint32_t choose(std::uint64_t if_zero, std::uint64_t if_one, std::uint32_t a) {
    if (if_zero == if_one) return if_zero != 0 ? kTrue : kFalse;
    return if_one != 0 ? a : add_not(a);
  }

  static std::uint64_t key(const Gate& gate) {
    DEEPAXE_ASSERT(std::max(gate.a, gate.b) < 1U << 28);  // So that the three parts fit.
    return std::uint64_t{static_cast<std::uint8_t>(gate.kind)} << 56 | std::uint64_t{gate.a} << 28 |
           gate.b;
  }

  std::uint32_t shared(const Gate& gate) {
    const auto next = Netlist::kNumInputs + static_cast<std::uint32_t>(gates_.size());
    const auto [place, is_new] = net_of_gate_.try_emplace(key(gate), next);
    if (is_new) gates_.push_back(gate);
    return place->second;
  }

  std::vector<Gate> gates_;
  std::unordered_map<std::uint64_t, std::uint32_t> net_of_gate_;
};

// Keeps only the gates in the fan-in cones of the outputs, in their old order.
Netlist remove_dead_gates(const Netlist& netlist) {
  std::vector<bool> is_live(Netlist::kNumInputs + netlist.gates.size());
  for (const std::uint32_t net : netlist.outputs) is_live[net] = true;
  for (std::size_t i = netlist.gates.size(); i-- > 0;) {
    if (!is_live[Netlist::kNumInputs + i]) continue;
    const Gate& gate = netlist.gates[i];
    if (has_fan_in(gate.kind)) is_live[gate.a] = true;
    if (has_second_fan_in(gate.kind)) is_live[gate.b] = true;
  }
  Netlist result;
  std::vector<std::uint32_t> new_net(is_live.size());
  for (std::uint32_t i = 0; i < Netlist::kNumInputs; ++i) new_net[i] = i;
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    if (!is_live[Netlist::kNumInputs + i]) continue;
    Gate gate = netlist.gates[i];
    gate.a = has_fan_in(gate.kind) ? new_net[gate.a] : 0;
    gate.b = has_second_fan_in(gate.kind) ? new_net[gate.b] : 0;
    new_net[Netlist::kNumInputs + i] =
        Netlist::kNumInputs + static_cast<std::uint32_t>(result.gates.size());
    result.gates.push_back(gate);
  }
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    result.outputs[j] = new_net[netlist.outputs[j]];
  }
  return result;
}

}  // namespace

std::string_view gate_name(GateKind kind) noexcept {
  return kGateNames[static_cast<std::size_t>(kind)];
}

std::array<std::uint64_t, 16> evaluate(const Netlist& netlist,
                                       const std::array<std::uint64_t, 16>& inputs) {
  std::vector<std::uint64_t> values(inputs.begin(), inputs.end());
  values.reserve(values.size() + netlist.gates.size());
  for (const Gate& gate : netlist.gates) {
    values.push_back(evaluate_gate(gate.kind, values[gate.a], values[gate.b]));
  }
  std::array<std::uint64_t, 16> outputs{};
  for (std::size_t j = 0; j < outputs.size(); ++j) outputs[j] = values[netlist.outputs[j]];
  return outputs;
}

std::int16_t product(const Netlist& netlist, const std::optional<NetFault>& fault, std::int8_t a,
                     std::int8_t b) {
  std::vector<std::uint64_t> values;  // All bits of a word are the net's value.
  const auto add = [&](std::uint64_t value) {
    if (fault && fault->net == values.size()) {
      value = fault->kind == NetFault::Kind::kInverted   ? ~value
              : fault->kind == NetFault::Kind::kStuckAt1 ? ~std::uint64_t{0}
                                                         : 0;
    }
    values.push_back(value);
  };
  for (unsigned i = 0; i < 8; ++i) add((a >> i & 1) != 0 ? ~std::uint64_t{0} : 0);
  for (unsigned i = 0; i < 8; ++i) add((b >> i & 1) != 0 ? ~std::uint64_t{0} : 0);
  for (const Gate& gate : netlist.gates) {
    add(evaluate_gate(gate.kind, values[gate.a], values[gate.b]));
  }
  std::uint16_t bits = 0;
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    if ((values[netlist.outputs[j]] & 1) != 0) bits = static_cast<std::uint16_t>(bits | 1U << j);
  }
  return static_cast<std::int16_t>(bits);
}

Netlist simplify(const Netlist& netlist) {
  Builder builder;
  std::vector<std::uint32_t> new_net(Netlist::kNumInputs);
  for (std::uint32_t i = 0; i < Netlist::kNumInputs; ++i) new_net[i] = i;
  for (const Gate& gate : netlist.gates) {
    new_net.push_back(builder.add(gate.kind, new_net[gate.a], new_net[gate.b]));
  }
  Netlist result;
  for (std::size_t j = 0; j < netlist.outputs.size(); ++j) {
    result.outputs[j] = builder.materialize(new_net[netlist.outputs[j]]);
  }
  result.gates = builder.take_gates();
  return remove_dead_gates(result);
}

int depth(const Netlist& netlist) {
  std::vector<int> level(Netlist::kNumInputs + netlist.gates.size());
  for (std::size_t i = 0; i < netlist.gates.size(); ++i) {
    const Gate& gate = netlist.gates[i];
    int fan_in_level = -1;  // A constant is no step on a path.
    if (has_fan_in(gate.kind)) fan_in_level = level[gate.a];
    if (has_second_fan_in(gate.kind)) fan_in_level = std::max(fan_in_level, level[gate.b]);
    level[Netlist::kNumInputs + i] = fan_in_level + 1;
  }
  int deepest = 0;
  for (const std::uint32_t net : netlist.outputs) deepest = std::max(deepest, level[net]);
  return deepest;
}

}  // namespace deepaxe::arith
