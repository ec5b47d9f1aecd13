// The module of a sum, difference or product of two tensors, or of one and a constant;
// and of a rectifier with slopes.
#pragma once

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds the module and the files of its constants. Throws base::InputError for more than three
/// axes, and for two different views of one memory.
void write_arithmetic_module(design::SourceFiles& files, const LayerModule& layer);

}  // namespace deepaxe::hw::verilog
