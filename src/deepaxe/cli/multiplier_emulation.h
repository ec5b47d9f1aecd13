// How the kernels run a multiplier: what they choose for a layer of a common shape.
#pragma once

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::cli {

/// What kernel::table chooses, on this machine, for a 3x3 convolution of 64 by 64 channels over 14
/// by 14 positions, 32 images at once. Layers of other shapes may be run in another way.
kernel::table::Choice explain_emulation(const arith::Multiplier& multiplier);

}  // namespace deepaxe::cli
