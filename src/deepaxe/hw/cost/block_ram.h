// Block RAM of a memory on a 7-series device.
// Source of the shapes: AMD, 7 Series FPGAs Memory Resources (UG473), table 1-1.
#pragma once

#include <cstdint>

namespace deepaxe::hw::cost {

/// Blocks of 36 Kb, in halves, of a memory that is read `width` bits at a time: the fewest of any
/// arrangement in columns of equal blocks, the last column as narrow as what is left. Tools may
/// find another.
double block_ram_36kb(std::int64_t words, int width);

}  // namespace deepaxe::hw::cost
