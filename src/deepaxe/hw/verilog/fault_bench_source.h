// The fault bench: tries faults in the registers and memories of the running accelerator.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds fault_bench.sv and fault_copies.cc (folder `bench`), which read the images and logits of
/// the test bench.
void write_fault_bench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                       int num_images, const std::string& top);

}  // namespace deepaxe::hw::verilog
