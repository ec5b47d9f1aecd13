// PhysicalCosts: clock and energy of the points of an exploration.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/study_records.h"
#include "deepaxe/hw/power/power_model.h"
#include "deepaxe/hw/timing/clock_model.h"
#include "deepaxe/store/record.h"

namespace deepaxe::explore {

/// Each (layer, multiplier) is simulated once, on operands of the first images with exact
/// multipliers: a layer's energy then depends on its own multiplier alone. Multipliers asked about
/// must outlive it.
class PhysicalCosts {
 public:
  /// images [n, input size] in codes, n > 0. The engine must outlive it.
  PhysicalCosts(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                const Estimators& estimators);

  /// energy_nj at hw::cost::kClockMhz and max_mhz of the point of hardware `variant`.
  void fill(store::CostRecord& cost, std::size_t variant,
            hw::cost::LayerMultipliers multipliers) const;

 private:
  std::vector<std::unique_ptr<const hw::timing::ClockModel>> clocks_;  // [hardware]
  std::vector<std::unique_ptr<const hw::power::PowerModel>> powers_;   // [hardware]
};

}  // namespace deepaxe::explore
