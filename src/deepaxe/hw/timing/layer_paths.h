// The register-to-register paths of a layer's module but for its multipliers.
#pragma once

#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/timing/logic_path.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::timing {

/// As the Verilog modules are written (hw/verilog/rtl), by LogicPath::circuit and in this order:
///   computing      memory, walker, accumulator, scaling and rounding of the requantizer
///   max pool       memory, walker, comparison
///   average pool   memory, walker, divider
///   mean           memory, walker, scaling, rounding
///   arithmetic     memory, walker, table of a code, scaling, rounding
///   pointwise      memory, walker, table of a code
///   concatenation  memory, walker, and a second walker: the end of a part
/// Empty for input, reshape and softmax. Accumulator, scaling and rounding follow the widths of
/// design::RequantizerShape; a memory in LUTs follows its words. The LUT levels of walkers (5, in
/// layers that compute nothing 3), tables, comparison, divider and concatenation are fixed: those
/// that yosys 0.23 made of LeNet-5, AlexNet and a small MobileNet; docs/hardware.md has both beside
/// each other.
std::vector<LogicPath> layer_paths(const model::Int8Model& model, int node, int parallel_outputs,
                                   cost::MemoryStyle memory);

}  // namespace deepaxe::hw::timing
