// The modules of layers that do not multiply: pools, activations, moves, sums, concatenations.
#pragma once

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds the module and the files of its constants. Throws base::InputError, naming layer and op,
/// for one that the engine does not have.
void write_elementwise_module(design::SourceFiles& files, const LayerModule& layer);

}  // namespace deepaxe::hw::verilog
