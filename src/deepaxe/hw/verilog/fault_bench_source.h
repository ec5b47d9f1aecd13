// The fault bench: tries faults in the registers and memories of the running accelerator.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/hw/design/output_folder.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Cycles of an image that is alone in the design, those in which the bench lets faults strike:
/// from the start, or in a pipeline from the first code on, which is cycle 0, until the last logit
/// has been written or, in a pipeline, has left. Throws as design::check_parallel_outputs.
std::int64_t fault_cycles(const model::Int8Model& model, std::span<const int> parallel_outputs,
                          design::ImageSchedule schedule);

/// Adds fault_bench.sv and fault_copies.cc (folder `bench`), and some faults in faults.txt. They
/// read the images and logits of the test bench. `queues` are those of a pipeline; empty: the
/// sequential engine.
void write_fault_bench(design::SourceFiles& files, const std::vector<LayerModule>& layers,
                       const std::vector<design::ImageQueue>& queues, int num_images,
                       const std::string& top);

}  // namespace deepaxe::hw::verilog
