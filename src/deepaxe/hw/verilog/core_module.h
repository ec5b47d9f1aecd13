// The core: all layers with the memories between them, and the top module with its shell.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Module `core`: image in, logits out, a layer and the memory of its output for each layer.
std::string core_text(const model::Int8Model& model, const std::vector<LayerModule>& layers);

/// Module `top`: the core in its AXI shell.
std::string top_text(const model::Int8Model& model, const std::vector<LayerModule>& layers,
                     const std::string& top);

}  // namespace deepaxe::hw::verilog
