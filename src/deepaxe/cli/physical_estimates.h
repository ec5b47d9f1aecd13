// Physical estimates: clock and power of one design point, as text and as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "deepaxe/engine/assignment.h"
#include "deepaxe/hw/cost/estimator.h"
#include "deepaxe/hw/power/power_model.h"
#include "deepaxe/hw/timing/clock_model.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::cli {

struct PhysicalEstimates {
  double clock_mhz = 0;  ///< Asked for.
  hw::timing::ClockEstimate clock;
  std::optional<hw::power::PowerEstimate> power;
  std::string no_power;                ///< Why there is none.
  std::size_t images = 0;              ///< Whose operands were used.
  std::optional<double> published_nj;  ///< Of the multipliers, at 45 nm.
};

/// `codes` has the images, [n, input size]; of them the first 64 are run with the assignment.
/// Empty: no power.
PhysicalEstimates estimate_physical(const model::Int8Model& model,
                                    const engine::Assignment& assignment,
                                    std::span<const std::int8_t> codes,
                                    const hw::cost::Estimator& estimator, double clock_mhz);

/// "119 MHz (98 to 150), 8.40 ns in multiplier and accumulator of fc1": what the slowest layer lets
/// the design reach.
std::string describe_clock(const model::Int8Model& model, const hw::timing::ClockEstimate& clock);

/// Two tables with a line of source each; lines end in '\n'.
std::string physical_text(const model::Int8Model& model, const PhysicalEstimates& estimates);

/// Members `clock` and `power` (null where there is none).
void add_physical(nlohmann::ordered_json& json, const model::Int8Model& model,
                  const PhysicalEstimates& estimates);

}  // namespace deepaxe::cli
