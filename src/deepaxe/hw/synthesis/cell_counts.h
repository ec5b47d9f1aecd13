// CellCounts: the cells of a synthesized module, as yosys' `stat -tech xilinx` prints them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "deepaxe/hw/cost/resource_source.h"

namespace deepaxe::hw::synthesis {

struct CellCounts {
  std::map<std::string, int> cells;  ///< "LUT6", "FDRE", "RAMB18E1"...
  int lcs = 0;                       ///< "Estimated number of LCs".

  int count(std::string_view cell) const;
  bool operator==(const CellCounts&) const = default;
};

/// Of the last statistics in `text`. Throws base::InputError, naming `file`, if there are none.
CellCounts parse_statistics(std::string_view text, const std::string& file);

/// Lines "CELL COUNT" and a first line "LCS COUNT"; parse_counts reads them back, and throws
/// base::InputError with file and line for any other text.
std::string to_text(const CellCounts& counts);
CellCounts parse_counts(std::string_view text, const std::string& file);

/// Of a module of logic. A LUT is every LUT cell, inverter, shift register and LUT memory, each for
/// itself; at least as many as yosys estimates when small ones share a 6-input LUT and inverters
/// vanish. Flip-flops, DSP slices and block RAM are counts.
cost::Estimate to_estimate(const CellCounts& counts);

/// Of a multiplier: its LCs as Vivado's LUTs (cost::MultiplierLuts), the four of a CARRY4 as they
/// are; DSP slices are a count.
cost::Estimate to_multiplier_estimate(const CellCounts& counts);

}  // namespace deepaxe::hw::synthesis
