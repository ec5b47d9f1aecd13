// Gates: limits that reject a design, in the order of the paper's flow.
// Source: Taheri et al., "DeepAxe", ISQED 2023, figure 2.
#pragma once

#include <cstdint>
#include <optional>

#include "deepaxe/hw/cost/part.h"
#include "deepaxe/store/record.h"

namespace deepaxe::explore {

/// Limits not set reject nothing; a value equal to its limit passes.
struct Gates {
  std::optional<hw::cost::Part> part = {};  ///< A design that it cannot hold is infeasible.
  std::optional<double> max_drop;           ///< Accuracy(exact) - accuracy, a fraction.
  std::optional<std::int64_t> max_cycles;   ///< For one image.
  std::optional<double> max_utilization;    ///< Fraction of the device's FF + LUT.
  std::optional<double> max_vulnerability;  ///< A fraction; asked of points with faults only.
};

/// Sets the status of `point`, and what the first failing gate saw. The order is that of Gates:
/// faults are injected only where all but the last pass.
void apply_gates(store::PointRecord& point, const Gates& gates, std::int64_t exact_correct);

}  // namespace deepaxe::explore
