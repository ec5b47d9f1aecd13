// A small technology mapper: how many 6-input LUTs cover a netlist.
// Source: cut enumeration and area flow, Manohararajah et al., IEEE TCAD 25(11), 2006.
#pragma once

#include "deepaxe/arith/netlist.h"

namespace deepaxe::hw::cost {

/// LUTs with at most 6 inputs and one output each. Deterministic; it neither restructures the gates
/// nor packs two small functions into one LUT, so synthesis tools need less.
int count_luts(const arith::Netlist& netlist);

}  // namespace deepaxe::hw::cost
