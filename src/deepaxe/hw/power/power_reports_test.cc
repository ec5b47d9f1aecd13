#include "deepaxe/hw/power/power_reports.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/power/device_energy.h"

namespace deepaxe::hw::power {
namespace {

// By hand: 25 mW of 1,000 nets of which an eighth toggles a hundred million times a second.
TEST(PowerReports, EnergiesArePowerOverWhatTogglesInASecond) {
  const PowerReport report{.name = "",
                           .clock_mhz = 100,
                           .luts = 300,
                           .memory_luts = 100,
                           .ffs = 600,
                           .blocks = 2,
                           .clocks_mw = 6,
                           .logic_mw = 10,
                           .signals_mw = 15,
                           .blocks_mw = 4};
  EXPECT_DOUBLE_EQ(report.toggle_pj(), 2);
  EXPECT_DOUBLE_EQ(report.clock_pj(), 0.1);
  EXPECT_DOUBLE_EQ(report.block_pj(), 20);
  EXPECT_EQ(report.dsp_pj(), 0);
  EXPECT_EQ(report.static_mw_per_lut(), 0);
}

std::string cell(double value, const char* format) {
  return value == 0 ? "" : fmt::format(fmt::runtime(format), value);
}

// A row of the table in docs/hardware.md, name and file aside: what was read, then what follows.
std::vector<std::string> row_of(const PowerReport& r) {
  const auto count = [](double value) { return cell(value, "{:g}"); };
  return {count(r.clock_mhz),
          count(r.luts),
          count(r.memory_luts),
          count(r.ffs),
          count(r.blocks),
          count(r.dsps),
          count(r.clocks_mw),
          count(r.logic_mw),
          count(r.signals_mw),
          count(r.blocks_mw),
          count(r.dsps_mw),
          count(r.static_mw),
          cell(r.toggle_pj(), "{:.3f}"),
          cell(r.clock_pj(), "{:.4f}"),
          cell(r.block_pj(), "{:.1f}"),
          cell(r.dsp_pj(), "{:.2f}"),
          cell(1e3 * r.static_mw_per_lut(), "{:.2f}")};
}

TEST(PowerReports, TheTableOfTheDocumentationFollows) {
  std::ifstream file(DEEPAXE_SOURCE_DIR "/docs/hardware.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const PowerReport& report : kPowerReports) {
    const std::string row = " | " + base::join(row_of(report), " | ") + " |\n";
    EXPECT_NE(text.find(fmt::format("| {}{}", report.name, row)), std::string::npos)
        << "| " << report.name << row;
  }
}

}  // namespace
}  // namespace deepaxe::hw::power
