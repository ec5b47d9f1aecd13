// Memories in LUTs instead of block RAM, layer by layer.
// Source of the sizes: AMD UG474, "7 Series FPGAs CLB": a LUT holds 64 bits of ROM; four LUTs hold
// 64 words of three bits with a write port and a read port.
#pragma once

#include "deepaxe/hw/cost/resources.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// `resources` of a layer with `lanes` outputs in parallel, its block RAM replaced by LUTs: weights
/// and parameters as ROM, output codes as RAM, and the multiplexers behind memories of more than
/// 256 words (F7 and F8 join 4 LUTs; each further LUT chooses among 4). Synthesis makes less of a
/// ROM whose words repeat. Error not measured.
Resources in_distributed_memory(Resources resources, const model::Int8Node& node, int lanes);

}  // namespace deepaxe::hw::cost
