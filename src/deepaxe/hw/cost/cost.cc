#include "deepaxe/hw/cost/cost.h"

#include "deepaxe/hw/cost/estimator.h"

namespace deepaxe::hw::cost {

CostReport estimate_cost(const model::Int8Model& model, LayerMultipliers multipliers,
                         const HardwareParams& params) {
  return Estimator(model, params).report(multipliers);
}

}  // namespace deepaxe::hw::cost
