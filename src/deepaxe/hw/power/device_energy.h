// DeviceEnergy: what a toggle, a clock edge, a read and a DSP slice cost on a 7-series device.
#pragma once

namespace deepaxe::hw::power {

/// Constants of the estimate, each from Vivado's own estimate of a routed public design. Nothing
/// was measured on a board.
struct DeviceEnergy {
  double toggle_pj = 0;  ///< Of a LUT output or register output with its net.
  double clock_pj = 0;   ///< Of a register and cycle, clock tree.
  double block_pj = 0;   ///< Of a 36 Kb block and clocked cycle.
  double dsp_pj = 0;     ///< Of a DSP48E1 slice and active cycle.
  double static_mw = 0;  ///< Of a LUT of the part, used or not.
};

/// Toggles of a net and cycle where nothing was simulated: default of Vivado (UG907), which is also
/// assumed of the reports, so that an energy of `toggle_pj` x this is theirs.
inline constexpr double kDefaultActivity = 0.125;

/// But for the slice from one report, Arty A7-35T, RISC-V system at 100 MHz, vectorless activity,
/// 25.6 C junction; 4,311 LUT, 6,608 FF, 5.5 blocks, no slice; clocks 43 mW, slice logic 8, signals
/// 10, block RAM 7, static 62 (the 35T is the die of the 50T, 32,600 LUT). The slice: 58 mW of 85
/// slices at 125 MHz, together in the three reports of Red Pitaya boards (docs/hardware.md).
inline constexpr DeviceEnergy k7Series{.toggle_pj = 18e3 / (10'919 * kDefaultActivity * 100),
                                       .clock_pj = 43e3 / (6'608 * 100.0),
                                       .block_pj = 7e3 / (5.5 * 100),
                                       .dsp_pj = 58e3 / (85 * 125.0),
                                       .static_mw = 62.0 / 32'600};

/// Least and most of each constant over the reports of docs/hardware.md. Their activities are not
/// known and differ, and each figure is rounded to 1 mW: a spread, no confidence interval.
inline constexpr DeviceEnergy k7SeriesLow{.toggle_pj = 0.110,
                                          .clock_pj = 0.0264,
                                          .block_pj = 5.43,
                                          .dsp_pj = 0.615,
                                          .static_mw = 0.00162};
inline constexpr DeviceEnergy k7SeriesHigh{.toggle_pj = 0.626,
                                           .clock_pj = k7Series.clock_pj,
                                           .block_pj = 24.4,
                                           .dsp_pj = 9.14,
                                           .static_mw = k7Series.static_mw};

}  // namespace deepaxe::hw::power
