// How the kernels run a multiplier, and how long that takes: for a layer of a common shape.
#pragma once

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::cli {

/// For a 3x3 convolution of 64 by 64 channels over 14 by 14 positions, 32 images at once, every
/// other activation at the zero point, as after a rectifier. Layers of other shapes may be run in
/// another way.
struct Emulation {
  kernel::table::Choice choice;
  double ns_per_1000_products = 0;  ///< On one core, what is kept for the layer prepared before.
  double relative_to_exact = 0;     ///< Of the time that the exact multiplier takes.
};

/// Measured now, on this machine: the median of some runs, those of the exact multiplier between
/// them. Takes well under a second.
Emulation measure_emulation(const arith::Multiplier& multiplier);

}  // namespace deepaxe::cli
