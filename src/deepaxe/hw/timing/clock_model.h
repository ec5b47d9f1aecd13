// ClockModel: the clock that designs of one network may reach, by their multipliers.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/timing/logic_path.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::timing {

/// Raised with any path or delay, as cost::kResourceModelVersion.
inline constexpr int kClockModelVersion = 1;

/// The longest path of a layer, and its multiplier's.
struct LayerTiming {
  int node = 0;
  LogicPath path;
  PathDelay delay;  ///< Of the layer: where nets are long another path may be longer.
  std::optional<LogicPath> multiplier;  ///< Of computing layers with a known circuit.
};

struct ClockEstimate {
  std::vector<LayerTiming> layers;  ///< In graph order; nothing for input, reshape and softmax.
  std::size_t critical = 0;         ///< Index in `layers` of the longest.
  std::string unknown;              ///< A multiplier without a netlist: its path is left out.

  PathDelay period() const;
};

/// One line: how the estimate was made and what it leaves out.
std::string_view clock_source() noexcept;

/// Paths of modules are found once, those of multipliers when first asked for. Safe to use from any
/// threads. The model and all multipliers asked about must outlive it.
class ClockModel {
 public:
  /// Throws std::invalid_argument as HardwareParams::outputs_of_layers. The model must have layers
  /// of the generated engine.
  ClockModel(const model::Int8Model& model, const cost::HardwareParams& params);

  /// `multipliers` has one entry for each computing layer; std::invalid_argument otherwise.
  ClockEstimate estimate(cost::LayerMultipliers multipliers) const;
  /// MHz of its longest path; nothing where a multiplier's path is not known.
  std::optional<double> max_mhz(cost::LayerMultipliers multipliers) const;

 private:
  std::optional<LogicPath> path_of(const arith::NamedMultiplier& multiplier) const;

  cost::Baseline baseline_;
  std::vector<LayerTiming> layers_;     // Without multipliers.
  std::vector<std::size_t> computing_;  // In layers_.
  double longest_ns_ = 0;               // Of layers_.

  mutable std::mutex mutex_;
  mutable std::unordered_map<const arith::NamedMultiplier*, std::optional<LogicPath>> paths_;
};

}  // namespace deepaxe::hw::timing
