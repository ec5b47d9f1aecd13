// Step: one node of an int8 model with everything worked out that does not depend on the image.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/reference/elementwise.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

struct CopyStep {};
struct MaxPoolStep {
  kernel::reference::PoolLayer layer;
};
struct AveragePoolStep {
  kernel::reference::PoolLayer layer;
};
struct MeanStep {
  kernel::reference::MeanLayer layer;
};
/// output = table[bit pattern of the input].
struct MapStep {
  std::array<std::int8_t, 256> table;
};
struct FrameStep {
  kernel::reference::FrameLayer layer;
};
struct PermuteStep {
  model::Shape shape;  ///< Of the input.
  std::vector<int> axes;
};
/// sums[bit pattern of a << 8 | bit pattern of b].
struct AddStep {
  std::vector<std::int8_t> sums;
};
/// Runs of runs[i] elements of input i in turn, each code through tables[i].
struct ConcatenateStep {
  std::vector<std::size_t> runs;
  std::vector<std::array<std::int8_t, 256>> tables;
};
/// std::monostate: the input, and what lies behind the logits and is never run.
using Step =
    std::variant<std::monostate, kernel::ComputingLayer, CopyStep, MaxPoolStep, AveragePoolStep,
                 MeanStep, MapStep, FrameStep, PermuteStep, AddStep, ConcatenateStep>;

/// Throws base::InputError, naming the node, if it has no int8 kernel.
Step plan_step(const model::Int8Model& model, int node);

}  // namespace deepaxe::engine
