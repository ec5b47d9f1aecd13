#include "deepaxe/hw/cost/cost.h"

#include <fmt/format.h>

#include "deepaxe/hw/cost/estimator.h"

namespace deepaxe::hw::cost {

std::string CostReport::cycles_source() const {
  if (used_cycle_model == CycleModel::kPaper) return sources.cycles_paper;
  if (used_cycle_model == CycleModel::kEngine) return sources.cycles_engine;
  return "from image to image: " + sources.interval;
}

CostReport at_clock(CostReport report, double clock_mhz) {
  report.clock_mhz = clock_mhz;
  report.microseconds = static_cast<double>(report.cycles) / clock_mhz;
  report.images_per_second = 1e6 * clock_mhz / static_cast<double>(report.interval_cycles);
  report.sources.microseconds = fmt::format("cycles of the {} model at {:g} MHz",
                                            to_string(report.used_cycle_model), clock_mhz);
  return report;
}

CostReport estimate_cost(const model::Int8Model& model, LayerMultipliers multipliers,
                         const HardwareParams& params) {
  return Estimator(model, params).report(multipliers);
}

}  // namespace deepaxe::hw::cost
