#include "deepaxe/hw/cost/cost.h"

#include "deepaxe/hw/cost/estimator.h"

namespace deepaxe::hw::cost {

std::string CostReport::cycles_source() const {
  if (used_cycle_model == CycleModel::kPaper) return sources.cycles_paper;
  if (used_cycle_model == CycleModel::kEngine) return sources.cycles_engine;
  return "from image to image: " + sources.interval;
}

CostReport estimate_cost(const model::Int8Model& model, LayerMultipliers multipliers,
                         const HardwareParams& params) {
  return Estimator(model, params).report(multipliers);
}

}  // namespace deepaxe::hw::cost
