// The top module: a core in its AXI shell.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Module `top`; its ports (top_ports.h) do not depend on the schedule.
std::string top_text(const model::Int8Model& model, const std::vector<LayerModule>& layers,
                     design::ImageSchedule schedule, const std::string& top);

}  // namespace deepaxe::hw::verilog
