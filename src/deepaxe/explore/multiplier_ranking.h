// The multipliers themselves as a Pareto problem: error against cost of one circuit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/multiplier.h"

namespace deepaxe::explore {

/// Of arith::ErrorStats: mean absolute, worst case (LSB), mean relative, probability (fractions).
enum class ErrorMeasure { kMae, kWce, kMre, kEp };

/// Published power (mW), area (um2), delay (ns) of the library circuits, or LUTs by the cost model.
enum class CostMeasure { kPower, kArea, kDelay, kLut };

struct RankedMultiplier {
  arith::MultiplierPtr multiplier;
  arith::ErrorStats stats;
  /// Of the circuit as gates, on a Xilinx 7-series device; nothing for an import without figures.
  std::optional<double> luts;
  double error = 0;
  std::optional<double> cost;  ///< Nothing where the measure is not known of this circuit.
  bool on_front = false;       ///< Its cost is known and no circuit is better in both.
  std::string dominated_by;    ///< The cheapest circuit of the front that is; empty if none is.
  /// It takes more LUTs than an exact multiplier of LUTs and carry chains: no use on this device.
  bool exceeds_native = false;
};

/// One for each multiplier, in the same order. Equal points do not dominate each other.
std::vector<RankedMultiplier> rank_multipliers(std::span<const arith::MultiplierPtr> multipliers,
                                               ErrorMeasure error, CostMeasure cost);

/// LUTs of the exact multiplier that `exceeds_native` compares with.
double native_multiplier_luts();

/// The library in the order of growing error, and all imports, for a user who gave a name looks for
/// it; with `families`, every member of every family after them, but none whose products and number
/// of gates are those of one before: the same circuit.
std::vector<arith::MultiplierPtr> listed_multipliers(bool families);

}  // namespace deepaxe::explore
