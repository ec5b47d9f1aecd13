// A small technology mapper: which 6-input LUTs cover a netlist.
// Source: cut enumeration and area flow, Manohararajah et al., IEEE TCAD 25(11), 2006; required
// times, Mishchenko et al., ICCAD 2007.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::hw::cost {

/// One LUT: the gate whose output it makes, and the nets that it reads.
struct Lut {
  std::uint32_t root = 0;
  std::vector<std::uint32_t> leaves;  ///< Sorted; at most 6.
};

enum class MappingGoal {
  kArea,   ///< Few LUTs.
  kDepth,  ///< Few levels first; then few LUTs where a path has levels to spare.
};

/// LUTs with at most 6 inputs and one output each, in topological order. Deterministic; it neither
/// restructures the gates nor packs two small functions into one LUT, so synthesis tools need less.
/// Depth is the least of the cuts kept, not proven the least of all.
std::vector<Lut> map_luts(const arith::Netlist& netlist, MappingGoal goal);

/// map_luts for kArea, counted.
int count_luts(const arith::Netlist& netlist);

/// LUTs on the longest path from an input of the netlist.
int lut_levels(std::span<const Lut> luts);

}  // namespace deepaxe::hw::cost
