// Cycles of the generated Verilog engine with N multipliers per layer, by its schedule.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Raised with any number of cycles, the paper's law included, as kResourceModelVersion.
inline constexpr int kCycleModelVersion = 1;

/// Cycles of one layer for one image if it never waits: from its first read to its last write.
///   computing layer   positions x sets x groups of lanes x max(depth, way out of the sums), and
///                     the pipeline behind it; depth = products per output. The lanes of one group
///                     share their inputs, so grouped and depthwise convolutions share lanes only
///                     within a group;
///   pool              output elements x window area, and the pipeline behind it;
///   other operators   output elements, and the pipeline behind it;
///   input, reshape, softmax   0 (no memory is touched; the class is the argmax of the logits).
/// Throws std::invalid_argument for N < 1.
std::int64_t engine_layer_cycles(const model::Int8Model& model, int node_index,
                                 int parallel_outputs);

/// The whole network for one image, exactly as the generated Verilog takes in simulation
/// (hw/design/schedule.h): layers overlap, so this is less than the sum of the layers.
/// parallel_outputs[l] belongs to computing layer l. Throws std::invalid_argument for a wrong
/// number of them or one below 1, base::InputError naming a layer that has no hardware.
std::int64_t engine_cycles(const model::Int8Model& model, std::span<const int> parallel_outputs);
/// The same N in every layer.
std::int64_t engine_cycles(const model::Int8Model& model, int parallel_outputs);

/// An engine by its schedule, as it takes in simulation.
struct EngineTiming {
  std::int64_t cycles = 0;         ///< Of an image alone; of a pipeline from its first code on.
  std::int64_t interval = 0;       ///< From image to image while they follow each other.
  std::int64_t weight_cycles = 0;  ///< In which the weights of an image are read once.
};
/// Throws as engine_cycles.
EngineTiming engine_timing(const model::Int8Model& model, std::span<const int> parallel_outputs,
                           design::ImageSchedule schedule);

/// Where the figure comes from and how good it is.
std::string engine_cycles_source(std::span<const int> parallel_outputs);
/// The same of an image alone in the pipelined engine (design::pipeline_latency).
std::string pipeline_cycles_source(std::span<const int> parallel_outputs);

}  // namespace deepaxe::hw::cost
