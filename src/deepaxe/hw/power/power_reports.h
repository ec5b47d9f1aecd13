// PowerReport: what Vivado's power report says of a routed public design, and what follows from it.
// Files and commits of the reports: docs/hardware.md.
#pragma once

#include <array>
#include <string_view>

namespace deepaxe::hw::power {

/// Toggles of a net and cycle where nothing was simulated: default of Vivado (UG907), which is also
/// assumed of the reports, so that an energy of `toggle_pj` x this is theirs.
inline constexpr double kDefaultActivity = 0.125;

/// Used elements and milliwatts, as printed (in steps of 1 mW); 0 where the report has none, or
/// not by itself. The figures that follow are 0 then, too.
struct PowerReport {
  std::string_view name;
  bool is_red_pitaya = false;  ///< Of a Red Pitaya board.
  double clock_mhz = 0;        ///< Of most of the design.
  int luts = 0;                ///< As logic...
  int memory_luts = 0;         ///< ...and as distributed RAM or shift registers.
  int ffs = 0;
  double blocks = 0;  ///< 36 Kb.
  int dsps = 0;
  double clocks_mw = 0, logic_mw = 0, signals_mw = 0, blocks_mw = 0, dsps_mw = 0;
  double static_mw = 0;  ///< Of a device without a processor...
  int device_luts = 0;   ///< ...which has so many LUTs.

  /// Of the output of a LUT or register with its net, all taken to toggle alike.
  constexpr double toggle_pj() const {
    return ratio(1e3 * (logic_mw + signals_mw),
                 (luts + memory_luts + ffs) * kDefaultActivity * clock_mhz);
  }
  /// Of a register and cycle.
  constexpr double clock_pj() const { return ratio(1e3 * clocks_mw, ffs * clock_mhz); }
  /// Of a block and cycle.
  constexpr double block_pj() const { return ratio(1e3 * blocks_mw, blocks * clock_mhz); }
  /// Of a slice and cycle.
  constexpr double dsp_pj() const { return ratio(1e3 * dsps_mw, dsps * clock_mhz); }
  /// Of a LUT of the device, used or not.
  constexpr double static_mw_per_lut() const { return ratio(static_mw, device_luts); }

 private:
  static constexpr double ratio(double value, double of) { return of > 0 ? value / of : 0; }
};

inline constexpr std::array<PowerReport, 6> kPowerReports = {{
    // Its 35T is the die of the 50T.
    {.name = "Arty A7-35T",
     .clock_mhz = 100,
     .luts = 4'311,
     .ffs = 6'608,
     .blocks = 5.5,
     .clocks_mw = 43,
     .logic_mw = 8,
     .signals_mw = 10,
     .blocks_mw = 7,
     .static_mw = 62,
     .device_luts = 32'600},
    {.name = "SchusterLab/RedPitaya",
     .is_red_pitaya = true,
     .clock_mhz = 125,
     .luts = 2'955,
     .memory_luts = 63,
     .ffs = 3'091,
     .blocks = 48,
     .dsps = 14,
     .clocks_mw = 23,
     .logic_mw = 15,
     .signals_mw = 25,
     .blocks_mw = 87,
     .dsps_mw = 16},
    {.name = "ahesse93/pyrpl",
     .is_red_pitaya = true,
     .clock_mhz = 125,
     .luts = 16'623,
     .memory_luts = 88,
     .ffs = 13'882,
     .blocks = 34,
     .dsps = 45,
     .clocks_mw = 61,
     .logic_mw = 128,
     .signals_mw = 171,
     .blocks_mw = 95,
     .dsps_mw = 40},
    {.name = "LorenBataraza/RedPitaya-FPGA",
     .is_red_pitaya = true,
     .clock_mhz = 125,
     .luts = 8'508,
     .memory_luts = 465,
     .ffs = 11'894,
     .blocks = 37,
     .dsps = 26,
     .clocks_mw = 78,
     .logic_mw = 16,
     .signals_mw = 20,
     .blocks_mw = 113,
     .dsps_mw = 2},
    // Its 4 slices take less than 1 mW.
    {.name = "riscmakers/cva6-softcore-contest",
     .clock_mhz = 45,
     .luts = 26'755,
     .memory_luts = 173,
     .ffs = 22'768,
     .blocks = 86,
     .clocks_mw = 27,
     .logic_mw = 14,
     .signals_mw = 18,
     .blocks_mw = 21},
    // Its clocks of less than 1 mW are not believed: what they stand beside is not taken either.
    {.name = "NovaGPU TS-1T",
     .clock_mhz = 100,
     .dsps = 19,
     .dsps_mw = 10,
     .static_mw = 103,
     .device_luts = 63'400},
}};

}  // namespace deepaxe::hw::power
