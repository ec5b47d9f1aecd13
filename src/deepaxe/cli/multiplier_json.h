// What `multipliers list` and `multipliers show` say of one multiplier, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "deepaxe/arith/library.h"

namespace deepaxe::cli {

/// Where the published figures come from.
inline constexpr const char* kFiguresSource =
    "EvoApproxLib v2022 (Mrazek et al., DATE 2017): 45 nm PDK, Synopsys DC";

/// Names, netlist, measured error statistics, and the published figures where there are any.
nlohmann::ordered_json multiplier_json(const arith::NamedMultiplier& named);

}  // namespace deepaxe::cli
