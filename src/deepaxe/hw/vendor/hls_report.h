// HlsReport: csynth.xml of Vivado HLS (UG902) and Vitis HLS (UG1399): estimates before synthesis.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "deepaxe/hw/cost/resources.h"

namespace deepaxe::hw::vendor {

struct HlsReport {
  std::string version;  ///< Of the tool: "2019.2.1".
  std::string part;
  std::string top;
  double target_clock_ns = 0;
  double estimated_clock_ns = 0;
  std::optional<std::int64_t> latency_cycles;   ///< Worst case; nothing if the tool knows none.
  std::optional<std::int64_t> interval_cycles;  ///< Between two images, at most.
  cost::Resources resources;                    ///< BRAM_18K counts halves.
};

/// Whether `xml` has the root and a section of such a report, as far as it can be read: one that is
/// cut behind them counts.
bool is_hls_report(std::string_view xml);

/// `DSP48E` is the name of Vivado HLS, `DSP` that of Vitis HLS. Throws base::InputError with `file`
/// and the path of the element, or the byte, that is wrong.
HlsReport parse_hls_report(std::string_view xml, const std::string& file);

}  // namespace deepaxe::hw::vendor
