#include "deepaxe/explore/gates.h"

#include <string>
#include <vector>

namespace deepaxe::explore {
namespace {

bool rejects(store::PointRecord& point, const std::string& gate, double value,
             std::optional<double> limit) {
  if (!limit || value <= *limit) return false;
  point.status = store::PointStatus::kGated;
  point.gate = gate;
  point.gate_value = value;
  point.gate_limit = *limit;
  return true;
}

// Gate "part_lut"... of the first resource of which the part has too little.
bool exceeds_part(store::PointRecord& point, const hw::cost::Part& part) {
  const hw::cost::Resources resources{.luts = point.cost.lut,
                                      .ffs = point.cost.ff,
                                      .dsps = static_cast<int>(point.cost.dsp),
                                      .bram_36kb = point.cost.bram};
  const std::vector<hw::cost::Shortage> shortages = hw::cost::find_shortages(resources, part);
  if (shortages.empty()) return false;
  const hw::cost::Shortage& first = shortages.front();
  return rejects(point, "part_" + std::string(first.resource), first.need, first.limit);
}

}  // namespace

void apply_gates(store::PointRecord& point, const Gates& gates, std::int64_t exact_correct) {
  const double drop =
      static_cast<double>(exact_correct - point.correct) / static_cast<double>(point.images);
  const std::optional<double> max_cycles =
      gates.max_cycles ? std::optional(static_cast<double>(*gates.max_cycles)) : std::nullopt;
  if (gates.part && exceeds_part(point, *gates.part)) return;
  if (rejects(point, "max_drop", drop, gates.max_drop) ||
      rejects(point, "max_cycles", static_cast<double>(point.cost.cycles), max_cycles) ||
      rejects(point, "max_utilization", point.cost.utilization_fraction, gates.max_utilization)) {
    return;
  }
  if (point.faults &&
      rejects(point, "max_vulnerability", point.faults->vulnerability, gates.max_vulnerability)) {
    return;
  }
  point.status = point.faults ? store::PointStatus::kInjected : store::PointStatus::kEvaluated;
  point.gate.clear();
  point.gate_value = point.gate_limit = 0;
}

}  // namespace deepaxe::explore
