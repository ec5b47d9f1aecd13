// What `multipliers list` and `multipliers show` say of one multiplier, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/structure.h"

namespace deepaxe::cli {

/// Where the published figures come from.
inline constexpr const char* kFiguresSource =
    "EvoApproxLib v2022 (Mrazek et al., DATE 2017): 45 nm PDK, Synopsys DC";

/// Names, netlist, measured error statistics, and the published figures where there are any.
nlohmann::ordered_json multiplier_json(const arith::NamedMultiplier& named);

/// "product": how the error is made of functions of one operand.
const char* to_string(arith::Separability separability);

nlohmann::ordered_json structure_json(const arith::Structure& structure);

/// Error given one operand: arrays of 256, operand -128 first.
nlohmann::ordered_json conditional_error_json(const arith::Multiplier& multiplier);

}  // namespace deepaxe::cli
