// Netlist: a combinational circuit of two-input gates in topological order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace deepaxe::arith {

enum class GateKind : std::uint8_t { kConst0, kConst1, kNot, kAnd, kOr, kXor, kNand, kNor, kXnor };

std::string_view gate_name(GateKind kind) noexcept;  ///< "and", "xnor"...

/// Fan-ins are nets; unused ones are 0.
struct Gate {
  GateKind kind = GateKind::kConst0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

/// Nets 0..7 are the bits of the first operand (LSB first), 8..15 of the second; net 16 + i is the
/// output of gates[i], whose fan-ins are smaller nets. outputs[j] is the net of product bit j.
struct Netlist {
  static constexpr std::uint32_t kNumInputs = 16;

  std::vector<Gate> gates;
  std::array<std::uint32_t, 16> outputs{};

  std::uint32_t num_nets() const noexcept {
    return kNumInputs + static_cast<std::uint32_t>(gates.size());
  }
};

/// The gate's value for 64 pairs of fan-in values at once.
constexpr std::uint64_t evaluate_gate(GateKind kind, std::uint64_t a, std::uint64_t b) noexcept {
  switch (kind) {
    case GateKind::kConst0:
      return 0;
    case GateKind::kConst1:
      return ~std::uint64_t{0};
    case GateKind::kNot:
      return ~a;
    case GateKind::kAnd:
      return a & b;
    case GateKind::kOr:
      return a | b;
    case GateKind::kXor:
      return a ^ b;
    case GateKind::kNand:
      return ~(a & b);
    case GateKind::kNor:
      return ~(a | b);
    case GateKind::kXnor:
      return ~(a ^ b);
  }
  return 0;
}

/// Values of all 16 outputs for 64 operand pairs at once: bit p of inputs[i] is net i of pair p.
std::array<std::uint64_t, 16> evaluate(const Netlist& netlist,
                                       const std::array<std::uint64_t, 16>& inputs);

/// All 65,536 products, in the order of Multiplier::index, read as two's complement int16.
std::vector<std::int16_t> tabulate(const Netlist& netlist);

/// A net (an input, or the output of a gate) that is stuck at a value, or always inverted.
struct NetFault {
  enum class Kind : std::uint8_t { kStuckAt0, kStuckAt1, kInverted };
  std::uint32_t net = 0;
  Kind kind = Kind::kStuckAt0;
};
/// The products of the faulty circuit. Requires a net of the netlist.
std::vector<std::int16_t> tabulate(const Netlist& netlist, const NetFault& fault);

/// One product by the definition, gate after gate.
std::int16_t product(const Netlist& netlist, const std::optional<NetFault>& fault, std::int8_t a,
                     std::int8_t b);

/// Gates that no output depends on removed, constants folded, equal gates shared. Same function.
Netlist simplify(const Netlist& netlist);

/// Gates on the longest path from an input to an output.
int depth(const Netlist& netlist);

}  // namespace deepaxe::arith
