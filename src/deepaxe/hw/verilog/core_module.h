// The core of the sequential engine: all layers with the memories between them.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Module `core`: image in, logits out, a layer and the memory of its output for each layer.
std::string core_text(const model::Int8Model& model, const std::vector<LayerModule>& layers);

}  // namespace deepaxe::hw::verilog
