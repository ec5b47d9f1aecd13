// The path through one multiplier, from the operand registers to that of the product.
#pragma once

#include <optional>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/timing/logic_path.h"

namespace deepaxe::hw::timing {

/// A netlist: the levels of our mapping to 6-input LUTs for depth. An exact multiplier is what the
/// baseline says: `native` the levels and the carry chain of `a * b` in yosys 0.23, `dsp` a DSP48E1
/// with the product's register in it. Nothing for an approximate one without a netlist.
std::optional<LogicPath> multiplier_path(const arith::NamedMultiplier& multiplier,
                                         cost::Baseline baseline);

}  // namespace deepaxe::hw::timing
