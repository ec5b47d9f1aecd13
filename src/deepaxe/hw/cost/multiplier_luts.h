// Logic of one multiplier on a Xilinx 7-series device.
#pragma once

#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/cost/hardware_params.h"

namespace deepaxe::hw::cost {

/// Vivado's LUTs per logic cell of yosys. It was fitted to 32 public circuits (mean error 4.9 %)
/// synthesized by an area script that is not recorded here; its error for the logic cells of
/// multiplier_luts.cc and for control logic has not been measured.
inline constexpr double kLutsPerLc = 0.832;

struct MultiplierLuts {
  double lcs =
      0;  ///< Logic cells: "Estimated number of LCs" of yosys; resources.h makes LUTs of them.
  int dsps = 0;
  std::string source;
};

/// Figures of the circuit as a netlist of gates: for the 13 library circuits the logic cells that
/// yosys estimates, for any other our own mapping scaled to the same 13.
MultiplierLuts gate_level_luts(const arith::NamedMultiplier& multiplier);

/// As gate_level_luts for an approximate multiplier; an exact one (by its products) becomes what
/// the baseline says.
MultiplierLuts multiplier_luts(const arith::NamedMultiplier& multiplier, Baseline baseline);

}  // namespace deepaxe::hw::cost
