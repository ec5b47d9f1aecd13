// Functions of convolution, depthwise convolution and dense layers.
#pragma once

#include <string>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// `multiply` is the multiplier's function, `multiplier` its description for the comment.
void write_computing_layer(SourceWriter& out, const model::Int8Model& model,
                           const design::LayerPlan& layer, const std::string& multiply,
                           const std::string& multiplier);

}  // namespace deepaxe::hw::hls
