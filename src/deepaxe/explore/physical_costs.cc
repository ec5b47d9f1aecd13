#include "deepaxe/explore/physical_costs.h"

#include "deepaxe/engine/layer_inputs.h"
#include "deepaxe/hw/cost/cost.h"

namespace deepaxe::explore {

PhysicalCosts::PhysicalCosts(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                             const Estimators& estimators) {
  const model::Int8Model& model = engine.model();
  const engine::LayerInputs inputs(engine, engine::exact_assignment(model), images,
                                   hw::power::kOperandImages);
  for (const auto& estimator : estimators) {
    clocks_.push_back(std::make_unique<const hw::timing::ClockModel>(model, estimator->params()));
    powers_.push_back(std::make_unique<const hw::power::PowerModel>(
        model, estimator->params(), estimator->source(), inputs.codes(), hw::cost::kClockMhz));
  }
}

void PhysicalCosts::fill(store::CostRecord& cost, std::size_t variant,
                         hw::cost::LayerMultipliers multipliers) const {
  cost.energy_nj = powers_.at(variant)->energy_nj(multipliers);
  cost.max_mhz = clocks_.at(variant)->max_mhz(multipliers);
}

}  // namespace deepaxe::explore
