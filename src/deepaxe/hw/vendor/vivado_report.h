// Vivado's reports of utilization, timing and power (UG906), and of cosimulation by an HLS tool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "deepaxe/hw/cost/resources.h"

namespace deepaxe::hw::vendor {

/// How far the design had come when the report was written.
enum class DesignState { kUnknown, kSynthesized, kPlaced, kRouted };
std::string_view to_string(DesignState state) noexcept;

struct UtilizationReport {
  std::string device;  ///< As printed: "7z020clg484-1".
  DesignState state = DesignState::kUnknown;
  cost::Resources resources;
};
/// 7-series devices have slices, UltraScale ones CLBs; both names are read.
UtilizationReport parse_utilization(std::string_view text, const std::string& file);

struct TimingReport {
  double worst_slack_ns = 0;  ///< WNS; negative where the clock is not met.
  double period_ns = 0;       ///< Of the slowest clock constrained.
  DesignState state = DesignState::kUnknown;
  double achieved_ns() const noexcept { return period_ns - worst_slack_ns; }
  double max_mhz() const noexcept { return 1000 / achieved_ns(); }
};
TimingReport parse_timing(std::string_view text, const std::string& file);

struct PowerReport {
  double total_w = 0, dynamic_w = 0, static_w = 0;
  std::string confidence;  ///< As the tool states it: "Low", "Medium", "High"; may be empty.
};
PowerReport parse_power(std::string_view text, const std::string& file);

/// Of one language of a cosimulation.
struct CosimReport {
  std::string language;                         ///< "Verilog", "VHDL"
  std::int64_t latency_cycles = 0;              ///< The most seen.
  std::optional<std::int64_t> interval_cycles;  ///< Nothing for one call alone.
};
/// The first language that passed. Throws base::InputError if none did.
CosimReport parse_cosim(std::string_view text, const std::string& file);

// All throw base::InputError with file and line, or the row or section that is not there.

}  // namespace deepaxe::hw::vendor
