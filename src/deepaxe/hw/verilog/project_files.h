// What tools need besides the sources: file list, Makefile, constraints, Vivado script, README.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::verilog {

/// `files` has all Verilog sources already. Adds sources.f, Makefile, clock.xdc, vivado.tcl,
/// component.xml, README.md.
void write_project(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                   const MultiplierModules& multipliers, const std::string& top,
                   const VerilogParams& params);

}  // namespace deepaxe::hw::verilog
