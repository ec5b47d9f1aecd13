// Arrays of a computing layer: weights, folded biases and requantization factors, and their text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/layer_shape.h"
#include "deepaxe/hw/hls/source_writer.h"
#include "deepaxe/model/graph.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::hls {

/// The part of weights.h that belongs to one layer.
void write_arrays(SourceWriter& out, const std::string& name, const design::LayerShape& shape,
                  const design::LayerArrays& arrays);

}  // namespace deepaxe::hw::hls
