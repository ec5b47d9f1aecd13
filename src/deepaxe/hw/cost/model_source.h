// ModelSource: resources by closed forms, calibrated to what yosys makes of the generated Verilog.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/cost/resource_source.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Raised with any figure of the closed forms (layers, core, multipliers): a study is of one
/// version. explore/hardware_models_test.cc tells when.
inline constexpr int kResourceModelVersion = 1;

/// Microseconds; no tool. layer_resources.h has the forms and their errors.
class ModelSource : public ResourceSource {
 public:
  /// `model` must outlive it. Throws std::invalid_argument as HardwareParams::outputs_of_layers.
  ModelSource(const model::Int8Model& model, const HardwareParams& params);

  std::string name() const override { return "model"; }
  std::string version() const override;
  Estimate layer(int node) const override;
  Estimate core() const override;
  Estimate multiplier(const arith::NamedMultiplier& multiplier, Baseline baseline) const override;
  ResourceTexts texts(LayerMultipliers multipliers, Baseline baseline) const override;

 private:
  const model::Int8Model& model_;
  MemoryStyle memory_;
  design::ImageSchedule schedule_;
  std::vector<int> outputs_;    // [node]; 1 where nothing is computed.
  std::vector<bool> external_;  // [node]: weights from outside.
};

}  // namespace deepaxe::hw::cost
