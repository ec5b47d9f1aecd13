// Estimator: cycles and resources of the designs of one network that differ in their multipliers.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/paper_latency.h"
#include "deepaxe/hw/cost/resource_source.h"

namespace deepaxe::hw::cost {

/// What depends on the network and its parallel outputs alone is found once, so that a design costs
/// one look-up and one addition for each computing layer. Safe to use from any threads. Model and
/// source must outlive it, and so must every multiplier it was asked about.
class Estimator {
 public:
  /// Without a source, that of ModelSource. Throws std::invalid_argument for a wrong number of
  /// parallel outputs or one below 1.
  Estimator(const model::Int8Model& model, HardwareParams params,
            std::shared_ptr<const ResourceSource> source = nullptr);

  /// `multipliers` has one entry for each computing layer. Throws std::invalid_argument for a wrong
  /// number or a null one.
  CostFigures figures(LayerMultipliers multipliers) const;
  /// The same figures by layer, with their sources.
  CostReport report(LayerMultipliers multipliers) const;

  /// The design with exact multipliers everywhere on `native` and on `dsp`.
  std::vector<Reference> references() const;

  const HardwareParams& params() const noexcept { return params_; }
  const ResourceSource& source() const noexcept { return *source_; }

 private:
  struct MultiplierCost {
    Estimate estimate;
    PaperPace pace = PaperPace::kUnknown;
    std::optional<double> product_pj;
  };

  bool is_pipelined() const noexcept {
    return params_.schedule == design::ImageSchedule::kPipelined;
  }
  void check(LayerMultipliers multipliers) const;
  const MultiplierCost& cost_of(const arith::NamedMultiplier& multiplier) const;
  MultiplierCost find_cost(const arith::NamedMultiplier& multiplier) const;
  void add_layers(CostReport& report, LayerMultipliers multipliers) const;
  void add_sources(CostReport& report, LayerMultipliers multipliers) const;

  const model::Int8Model& model_;
  HardwareParams params_;
  std::shared_ptr<const ResourceSource> source_;
  std::vector<int> computing_;  // Nodes.
  std::vector<int> outputs_;    // [computing layer]
  PaperLaw law_;
  EngineTiming timing_;
  WeightBandwidth weights_;
  std::vector<std::int64_t> layer_cycles_;  // [node]
  std::vector<std::int64_t> macs_;          // [computing layer]
  std::vector<Estimate> layers_;            // [node], without multipliers.
  Estimate fixed_;                          // All of them, and the core.

  mutable std::mutex mutex_;
  mutable std::unordered_map<const arith::NamedMultiplier*, MultiplierCost> costs_;
};

}  // namespace deepaxe::hw::cost
