// Functions of the layers that do not multiply: pools, mean, addition, rescaling, moves.
#pragma once

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/hls.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

/// Any layer of a plan that is not a computing layer. kDeephls: pools take two cycles an output,
/// flatten copies code by code.
void write_elementwise_layer(SourceWriter& out, const model::Int8Model& model,
                             const design::LayerPlan& layer, Profile profile);

}  // namespace deepaxe::hw::hls
