// DeviceEnergy: what a toggle, a clock edge and a read cost on a 7-series device.
#pragma once

namespace deepaxe::hw::power {

/// All but `default_activity` are derived from one public Vivado power report of a routed design:
/// Arty A7-35T, RISC-V system at 100 MHz, vectorless activity, 25.6 C junction; 4,311 LUT, 6,608
/// FF, 5.5 blocks of 36 Kb, no DSP; clocks 43 mW, slice logic 8, signals 10, block RAM 7,
/// static 62. Uncalibrated: one design, rounded to 1 mW, its activity assumed to be the default.
struct DeviceEnergy {
  /// Of a LUT output or register output with its net: 18 mW / (10,919 nets x 12.5 % x 100 MHz).
  double toggle_pj = 0.132;
  double clock_pj = 0.0651;  ///< Of a register and cycle, clock tree: 43 mW / (6,608 x 100 MHz).
  double block_pj = 12.7;    ///< Of a 36 Kb block and clocked cycle: 7 mW / (5.5 x 100 MHz).
  /// Of a LUT of the part, used or not: 62 mW / 32,600 (the 35T is the die of the 50T).
  double static_mw = 0.0019;
  /// Toggles of a net and cycle where nothing was simulated: default of Vivado (UG907).
  double default_activity = 0.125;
};
inline constexpr DeviceEnergy k7Series{};

}  // namespace deepaxe::hw::power
