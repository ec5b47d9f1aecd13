// The core of the pipelined engine: all layers with the queues of images between them.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Name of the instance: "image", "conv1_codes", "logits", and "conv1_codes_for_sum" where the
/// writer has several readers.
std::string queue_name(const std::vector<LayerModule>& layers,
                       const std::vector<design::ImageQueue>& queues,
                       const design::ImageQueue& queue);

/// Module `core`: image in, logits out, a layer with its stage_control and its queues for each
/// layer. queues: design::image_queues of the plan.
std::string pipeline_core_text(const model::Int8Model& model,
                               const std::vector<LayerModule>& layers,
                               const std::vector<design::ImageQueue>& queues);

}  // namespace deepaxe::hw::verilog
