// Layers written as loops over the axes of their output: permutation, padding, slices, arithmetic.
#pragma once

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::hls {

void write_permute(SourceWriter& out, const model::Int8Model& model,
                   const design::LayerPlan& layer);
void write_pad(SourceWriter& out, const model::Int8Model& model, const design::LayerPlan& layer);
void write_slice(SourceWriter& out, const model::Int8Model& model, const design::LayerPlan& layer);
/// Arithmetic of two operands, constants included, and Prelu.
void write_arithmetic(SourceWriter& out, const model::Int8Model& model,
                      const design::LayerPlan& layer);

}  // namespace deepaxe::hw::hls
