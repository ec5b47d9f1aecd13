// Functions of convolution, depthwise convolution and dense layers.
#pragma once

#include <string>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/nest.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

struct ComputingLayer {
  const design::LayerPlan& plan;
  const std::string& multiply;  ///< The multiplier's function.
  std::string multiplier;       ///< Its description, for the comment.
  Nest nest;
};

void write_computing_layer(SourceWriter& out, const model::Int8Model& model,
                           const ComputingLayer& layer);

}  // namespace deepaxe::hw::hls
