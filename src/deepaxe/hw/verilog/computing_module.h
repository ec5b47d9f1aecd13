// The module of a computing layer: engine, weights, multipliers, constants, requantizer.
#pragma once

#include <string>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds the module and the files of its constants. `multiply` is the module of its multipliers
/// ("multiply_1KVP"), `multiplier` says what that is.
void write_computing_module(design::SourceFiles& files, const LayerModule& layer,
                            const std::string& multiply, const std::string& multiplier);

}  // namespace deepaxe::hw::verilog
