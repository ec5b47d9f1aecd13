// README.md of a generated project: how to use it, its files, loops and multipliers.
#pragma once

#include <string>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/hls.h"
#include "deepaxe/hw/hls/multiplier_source.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// `multipliers` by computing layer of the plan.
std::string readme_text(const model::Int8Model& model, const design::DesignPlan& plan,
                        const MultiplierSet& multipliers, const HlsParams& params,
                        const std::string& top, int num_vectors);

}  // namespace deepaxe::hw::hls
