#include "deepaxe/hw/timing/clock_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "deepaxe/hw/timing/layer_paths.h"
#include "deepaxe/hw/timing/multiplier_path.h"

namespace deepaxe::hw::timing {
namespace {

void add_path(LayerTiming& layer, const LogicPath& path) {
  const PathDelay delay = delay_of(path);
  if (delay.ns > layer.delay.ns) layer.path = path;
  layer.delay = slower(layer.delay, delay);
}

LayerTiming longest(int node, const std::vector<LogicPath>& paths) {
  LayerTiming layer{.node = node, .path = {}, .delay = {}, .multiplier = {}};
  for (const LogicPath& path : paths) add_path(layer, path);
  return layer;
}

}  // namespace

std::string_view clock_source() noexcept {
  return "estimate: LUT levels and carry chains, Artix-7 -1 cells, nets of 0.757 +- 0.288 ns (12 "
         "nets of public reports); nothing was placed or routed";
}

PathDelay ClockEstimate::period() const {
  return std::accumulate(
      layers.begin(), layers.end(), PathDelay{},
      [](const PathDelay& sum, const LayerTiming& layer) { return slower(sum, layer.delay); });
}

ClockModel::ClockModel(const model::Int8Model& model, const cost::HardwareParams& params)
    : baseline_(params.baseline) {
  const std::vector<int> outputs = params.outputs_of_layers(model::computing_nodes(model).size());
  std::size_t next = 0;  // Of the computing layers.
  for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
    const bool computes = model::is_computing(model.nodes[static_cast<std::size_t>(node)].op);
    const std::vector<LogicPath> paths =
        layer_paths(model, node, computes ? outputs[next++] : 1, params.memory);
    if (paths.empty()) continue;
    if (computes) computing_.push_back(layers_.size());
    layers_.push_back(longest(node, paths));
    longest_ns_ = std::max(longest_ns_, layers_.back().delay.ns);
  }
  if (layers_.empty()) throw std::invalid_argument("a clock of a network without layers");
}

// Mapped outside the lock: it takes milliseconds.
std::optional<LogicPath> ClockModel::path_of(const arith::NamedMultiplier& multiplier) const {
  {
    const std::scoped_lock lock(mutex_);
    const auto known = paths_.find(&multiplier);
    if (known != paths_.end()) return known->second;
  }
  const std::optional<LogicPath> path = multiplier_path(multiplier, baseline_);
  const std::scoped_lock lock(mutex_);
  return paths_.try_emplace(&multiplier, path).first->second;
}

ClockEstimate ClockModel::estimate(cost::LayerMultipliers multipliers) const {
  if (multipliers.size() != computing_.size()) {
    throw std::invalid_argument(fmt::format("{} multipliers for {} computing layers",
                                            multipliers.size(), computing_.size()));
  }
  ClockEstimate estimate{.layers = layers_, .critical = 0, .unknown = {}};
  for (std::size_t l = 0; l < multipliers.size(); ++l) {
    LayerTiming& layer = estimate.layers[computing_[l]];
    layer.multiplier = path_of(*multipliers[l]);
    if (!layer.multiplier) {
      estimate.unknown = multipliers[l]->name;
      continue;
    }
    add_path(layer, *layer.multiplier);
  }
  const auto slower = [](const LayerTiming& a, const LayerTiming& b) {
    return a.delay.ns < b.delay.ns;
  };
  estimate.critical = static_cast<std::size_t>(std::ranges::max_element(estimate.layers, slower) -
                                               estimate.layers.begin());
  return estimate;
}

std::optional<double> ClockModel::max_mhz(cost::LayerMultipliers multipliers) const {
  double ns = longest_ns_;
  for (const arith::NamedMultiplier* multiplier : multipliers) {
    const std::optional<LogicPath> path = path_of(*multiplier);
    if (!path) return std::nullopt;
    ns = std::max(ns, delay_of(*path).ns);
  }
  return to_mhz(ns);
}

}  // namespace deepaxe::hw::timing
