// The register-to-register paths of a layer's module but for its multipliers.
#pragma once

#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/timing/logic_path.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::timing {

/// As the Verilog modules are written (hw/verilog/rtl): reading, walker, accumulator, product and
/// rounding of the requantizer; walker and divider of pools. Empty for input, reshape and softmax.
/// Levels that are not a matter of widths (walker, rounding) are those that yosys 0.23 made of
/// LeNet-5, AlexNet and a small MobileNet; docs/hardware.md has both beside each other.
std::vector<LogicPath> layer_paths(const model::Int8Model& model, int node, int parallel_outputs,
                                   cost::MemoryStyle memory);

}  // namespace deepaxe::hw::timing
