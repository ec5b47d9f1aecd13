// Memories in LUTs instead of block RAM, layer by layer.
// Source of the sizes: AMD UG474, "7 Series FPGAs CLB": a LUT holds 64 bits of ROM; four LUTs hold
// 64 words of three bits with a write port and a read port.
#pragma once

#include <cstdint>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// LUTs of a layer's weights as ROM, `lanes` outputs in parallel, with the multiplexers behind
/// memories of more than 256 words (F7 and F8 join 4 LUTs; each further LUT chooses among 4); 0 for
/// a layer without weights. Synthesis makes less of a ROM whose words repeat. For
/// LeNet-5 yosys, without wide multiplexers, counts 1.7 to 2.0 times as much for ROMs.
double rom_luts(const model::Int8Node& node, int lanes);

/// The same of so many codes, as RAM.
double ram_luts(std::int64_t codes);

}  // namespace deepaxe::hw::cost
