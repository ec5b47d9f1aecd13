// The module of a concatenation.
#pragma once

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds the module and the tables of inputs whose codes are rescaled.
void write_concatenate_module(design::SourceFiles& files, const LayerModule& layer,
                              const model::Concatenate& op);

}  // namespace deepaxe::hw::verilog
