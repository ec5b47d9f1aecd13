// Switching: how often the nets of a mapped multiplier toggle on a sequence of operand pairs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/netlist.h"
#include "deepaxe/hw/cost/lut_mapping.h"

namespace deepaxe::hw::power {

/// One cycle of a multiplier.
struct OperandPair {
  std::int8_t activation = 0;
  std::int8_t weight = 0;

  bool operator==(const OperandPair&) const = default;
};

/// Of all LUT outputs, over the steps from each pair to the next.
struct ToggleCounts {
  std::uint64_t settled = 0;  ///< Changes of the final value: no delays, no glitches.
  /// Changes on the way when each LUT takes one unit of time and nets none: glitches that real
  /// delays would make longer or swallow, so neither a bound nor the truth.
  std::uint64_t unit_delay = 0;

  ToggleCounts& operator+=(const ToggleCounts& other) noexcept {
    settled += other.settled;
    unit_delay += other.unit_delay;
    return *this;
  }
  bool operator==(const ToggleCounts&) const = default;
};

/// A netlist in LUTs, made once, used for many sequences. Safe to use from any threads.
class SwitchingModel {
 public:
  /// Maps for depth, as synthesis does.
  explicit SwitchingModel(const arith::Netlist& netlist)
      : SwitchingModel(netlist, cost::map_luts(netlist, cost::MappingGoal::kDepth)) {}
  /// `luts` must cover the netlist.
  SwitchingModel(const arith::Netlist& netlist, std::span<const cost::Lut> luts);

  /// Of pairs[0] to pairs[1], pairs[1] to pairs[2]...; nothing for fewer than two.
  ToggleCounts count(std::span<const OperandPair> pairs) const;

  std::size_t num_luts() const noexcept { return luts_.size(); }

 private:
  using Values = std::vector<std::uint64_t>;  // By net; bit p belongs to step p of a block.

  // A LUT with the gates it stands for, fan-ins first.
  struct Cone {
    std::uint32_t root = 0;
    std::vector<std::uint32_t> leaves;
    std::vector<std::uint32_t> gates;
  };

  void evaluate(const Cone& cone, const Values& before, Values& scratch) const;
  void settle(Values& values) const;
  ToggleCounts count_block(std::span<const OperandPair> pairs) const;

  std::vector<arith::Gate> gates_;
  std::vector<Cone> luts_;  // In topological order.
  int levels_ = 0;
};

}  // namespace deepaxe::hw::power
