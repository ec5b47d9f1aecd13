// The test bench: images through the top module's streams, logits against the expected ones.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/design/test_vectors.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Adds testbench.v, images.hex and logits.hex. `queues`: those of a pipeline; none of a sequential
/// engine.
void write_testbench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                     const std::vector<design::ImageQueue>& queues,
                     const design::TestVectors& vectors, const std::string& top);

}  // namespace deepaxe::hw::verilog
