// Synthesis: one Verilog module through yosys, for 7-series devices.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/synthesis/cell_counts.h"
#include "deepaxe/hw/synthesis/synthesis_cache.h"

namespace deepaxe::hw::synthesis {

/// What yosys reads. Modules that are declared only, with (* blackbox *), are not counted.
struct Unit {
  std::string what;  ///< For messages: "layer conv1".
  std::string top;
  design::SourceFiles files;  ///< .v and .hex.
  bool uses_dsps = true;      ///< false: -nodsp.
};

/// Name and version of the yosys on PATH; empty if there is none.
std::string find_yosys();

/// The commands for `unit`.
std::string synthesis_script(const Unit& unit);

/// SHA-256 of all that the counts depend on: version of the tool, commands, sources.
std::string content_key(const Unit& unit, const std::string& yosys_version);

/// Runs yosys in a scratch folder that is removed afterwards. Throws base::InputError, with the
/// last lines it printed, if it fails or takes longer than `seconds`.
CellCounts run_yosys(const Unit& unit, double seconds);

}  // namespace deepaxe::hw::synthesis
