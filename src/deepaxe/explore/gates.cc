#include "deepaxe/explore/gates.h"

namespace deepaxe::explore {
namespace {

bool rejects(store::PointRecord& point, const char* gate, double value,
             std::optional<double> limit) {
  if (!limit || value <= *limit) return false;
  point.status = store::PointStatus::kGated;
  point.gate = gate;
  point.gate_value = value;
  point.gate_limit = *limit;
  return true;
}

}  // namespace

void apply_gates(store::PointRecord& point, const Gates& gates, std::int64_t exact_correct) {
  const double drop =
      static_cast<double>(exact_correct - point.correct) / static_cast<double>(point.images);
  const std::optional<double> max_cycles =
      gates.max_cycles ? std::optional(static_cast<double>(*gates.max_cycles)) : std::nullopt;
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
