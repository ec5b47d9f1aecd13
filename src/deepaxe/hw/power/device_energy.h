// DeviceEnergy: what a toggle, a clock edge, a read and a DSP slice cost on a 7-series device.
#pragma once

#include <algorithm>

#include "deepaxe/hw/power/power_reports.h"

namespace deepaxe::hw::power {

/// Constants of the estimate, from Vivado's own estimates of routed public designs. Nothing was
/// measured on a board.
struct DeviceEnergy {
  double toggle_pj = 0;  ///< Of a LUT output or register output with its net.
  double clock_pj = 0;   ///< Of a register and cycle, clock tree.
  double block_pj = 0;   ///< Of a 36 Kb block and clocked cycle.
  double dsp_pj = 0;     ///< Of a DSP48E1 slice and active cycle.
  double static_mw = 0;  ///< Of a LUT of the part, used or not.
};

/// Power over slices and clock, of the reports with the same board and many slices together.
constexpr double common_dsp_pj() {
  double mw = 0, slice_mhz = 0;
  for (const PowerReport& report : kPowerReports) {
    if (!report.is_red_pitaya) continue;
    mw += report.dsps_mw;
    slice_mhz += report.dsps * report.clock_mhz;
  }
  return 1e3 * mw / slice_mhz;
}

/// But for the slice from the first report, a part without a processor, 25.6 C at the junction.
inline constexpr DeviceEnergy k7Series{.toggle_pj = kPowerReports[0].toggle_pj(),
                                       .clock_pj = kPowerReports[0].clock_pj(),
                                       .block_pj = kPowerReports[0].block_pj(),
                                       .dsp_pj = common_dsp_pj(),
                                       .static_mw = kPowerReports[0].static_mw_per_lut()};

/// Of what each report says of the constant: the first by `order`. Not all say something of each.
template <typename Order>
constexpr double extreme(double (PowerReport::*constant)() const, Order order) {
  double found = 0;
  for (const PowerReport& report : kPowerReports) {
    const double value = (report.*constant)();
    if (value > 0 && (found == 0 || order(value, found))) found = value;
  }
  return found;
}
template <typename Order>
constexpr DeviceEnergy extremes(Order order) {
  return {.toggle_pj = extreme(&PowerReport::toggle_pj, order),
          .clock_pj = extreme(&PowerReport::clock_pj, order),
          .block_pj = extreme(&PowerReport::block_pj, order),
          .dsp_pj = extreme(&PowerReport::dsp_pj, order),
          .static_mw = extreme(&PowerReport::static_mw_per_lut, order)};
}

/// Least and most of each constant over the reports. Their activities are not known and differ, and
/// each figure is rounded to 1 mW: a spread, no confidence interval.
inline constexpr DeviceEnergy k7SeriesLow = extremes([](double a, double b) { return a < b; });
inline constexpr DeviceEnergy k7SeriesHigh = extremes([](double a, double b) { return a > b; });

}  // namespace deepaxe::hw::power
