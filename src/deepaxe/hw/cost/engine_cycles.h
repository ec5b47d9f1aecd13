// Cycles of a sequential engine with N multipliers per layer, by its schedule.
#pragma once

#include <cstdint>
#include <string>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Cycles of one layer for one image. The layers run one after another; each reads one activation
/// code a cycle and gives it to `parallel_outputs` (N) multiply-accumulate lanes, and writes one
/// code a cycle. So
///   computing layer   positions x sum over groups of lanes of max(depth, lanes in use)
///                     + lanes in use by the last group - 1 + kPipelineCycles,
///                     depth = products per output; the lanes of one group share their inputs, so
///                     grouped and depthwise convolutions share lanes only within a group;
///   pooling           output elements x window area + kPipelineCycles;
///   other operators   output elements x inputs + kPipelineCycles;
///   input, reshape, softmax   0 (no memory is touched; the class is the argmax of the logits).
/// Throws std::invalid_argument for N < 1.
std::int64_t engine_layer_cycles(const model::Int8Model& model, int node_index,
                                 int parallel_outputs);

/// All layers and one cycle of start. For LeNet-5 it gives 286,149 and 145,334 at N = 1 and 2, as
/// a Verilog engine of this kind was measured to take, and is 0.21, 0.29 and 0.05 % below its
/// 82,341, 43,586 and 31,417 at N = 4, 8, 16.
std::int64_t engine_cycles(const model::Int8Model& model, int parallel_outputs);

/// Where the figure comes from and how good it is.
std::string engine_cycles_source(int parallel_outputs);

}  // namespace deepaxe::hw::cost
