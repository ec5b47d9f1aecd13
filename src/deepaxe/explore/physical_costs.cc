#include "deepaxe/explore/physical_costs.h"

#include <algorithm>

#include "deepaxe/hw/cost/cost.h"

namespace deepaxe::explore {

PhysicalCosts::PhysicalCosts(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                             const Estimators& estimators) {
  const model::Int8Model& model = engine.model();
  const std::size_t size = engine.node_size(0);
  const std::size_t count = std::min(kPowerImages, images.size() / size);
  const std::vector<std::vector<std::int8_t>> tensors = engine.run_all(
      engine::exact_assignment(model), static_cast<int>(count), images.first(count * size));
  std::vector<std::span<const std::int8_t>> inputs;
  for (const int node : model::computing_nodes(model)) {
    const int input = model.nodes[static_cast<std::size_t>(node)].inputs.front();
    inputs.emplace_back(tensors[static_cast<std::size_t>(input)]);
  }
  for (const auto& estimator : estimators) {
    clocks_.push_back(std::make_unique<const hw::timing::ClockModel>(model, estimator->params()));
    powers_.push_back(std::make_unique<const hw::power::PowerModel>(
        model, estimator->params(), estimator->source(), inputs, hw::cost::kClockMhz));
  }
}

void PhysicalCosts::fill(store::CostRecord& cost, std::size_t variant,
                         hw::cost::LayerMultipliers multipliers) const {
  cost.energy_nj = powers_.at(variant)->energy_nj(multipliers);
  cost.max_mhz = clocks_.at(variant)->max_mhz(multipliers);
}

}  // namespace deepaxe::explore
