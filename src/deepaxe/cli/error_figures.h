// Error figures of a multiplier as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "deepaxe/arith/product_table.h"

namespace deepaxe::cli {

nlohmann::ordered_json stats_json(const arith::ErrorStats& stats);

}  // namespace deepaxe::cli
