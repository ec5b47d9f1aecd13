// BlockRams: models of the block RAM cells of 7-series devices, for simulating netlists.
#pragma once

#include <string>

namespace deepaxe::hw::verilog {

/// Its name in the folder of a design.
inline constexpr const char* kBlockRamsFile = "block_rams.v";

/// The file bench/block_rams.v with the 144 parameters of contents (UG473) written out.
std::string block_rams_text();

}  // namespace deepaxe::hw::verilog
