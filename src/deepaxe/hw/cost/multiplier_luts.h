// Logic of one multiplier on a Xilinx 7-series device.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/lut_mapping.h"
#include "deepaxe/hw/cost/resource_source.h"

namespace deepaxe::hw::cost {

/// Key in the provenance of an import whose source multiplies by `*`, which its netlist has as rows
/// of gates: a synthesizer would make carry chains or a DSP slice of it.
inline constexpr const char* kExpandedKey = "expanded";

struct MultiplierLuts {
  double lcs = 0;        ///< Logic cells: "Estimated number of LCs" of yosys.
  double carry_lcs = 0;  ///< Those of them with a bit of a carry chain.
  int dsps = 0;
  std::string source;

  /// Of Vivado: kLutsPerLc for each logic cell, 1 for one of a carry chain.
  double luts() const noexcept { return carry_lcs + kLutsPerLc * (lcs - carry_lcs); }
  /// Mean error of that; the cells of carry chains have none.
  double luts_error() const noexcept { return kLutsPerLcError * kLutsPerLc * (lcs - carry_lcs); }
};

/// Figures of the circuit as a netlist of gates: what was given at its import, for the 13 library
/// circuits the logic cells that yosys estimates, for any other our own mapping scaled to the same
/// 13. Throws base::InputError for an import with neither a netlist nor a given figure.
MultiplierLuts gate_level_luts(const arith::NamedMultiplier& multiplier);

/// As gate_level_luts for an approximate multiplier; an exact one (by its products) becomes what
/// the baseline says, and never throws.
MultiplierLuts multiplier_luts(const arith::NamedMultiplier& multiplier, Baseline baseline);

Estimate to_estimate(const MultiplierLuts& luts) noexcept;

/// What Vivado makes of LCs of gates, for texts: "0.957 x LC +- 9.8 %".
std::string luts_per_lc_text();

/// Its netlist mapped for depth, once for each family. It must have a netlist.
std::vector<Lut> depth_luts(const arith::NamedMultiplier& multiplier);

}  // namespace deepaxe::hw::cost
