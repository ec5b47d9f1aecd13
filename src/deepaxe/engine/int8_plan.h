// Step: one node of an int8 model with everything worked out that does not depend on the image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/reference/moves.h"
#include "deepaxe/kernel/reference/pool.h"
#include "deepaxe/model/graph.h"
#include "deepaxe/quant/activation.h"
#include "deepaxe/quant/softmax.h"

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
  quant::CodeTable table;
};
/// output[e] = input[sources[e]], or `fill`: Permute, Pad, Slice.
struct MoveStep {
  kernel::reference::Sources sources;
  std::int8_t fill = 0;
};
/// Rows of `depth` codes.
struct SoftmaxStep {
  quant::SoftmaxScale scale;
  std::size_t depth = 1;
};
/// Where element e of a node's output finds an operand.
struct Operand {
  int input = -1;                           ///< Index among the node's inputs; -1: `constant`.
  std::size_t size = 0;                     ///< Elements of one image.
  std::vector<std::int8_t> constant = {};   ///< [size]
  std::vector<std::uint32_t> sources = {};  ///< By output element; empty: element e itself.

  std::size_t source(std::size_t e) const { return sources.empty() ? e : sources[e]; }
};
/// output = table[bit pattern of a << 8 | bit pattern of b]: Arithmetic and Prelu.
struct BinaryStep {
  std::vector<std::int8_t> table;
  Operand a, b;
};
/// Runs of runs[i] elements of input i in turn, each code through tables[i].
struct ConcatenateStep {
  std::vector<std::size_t> runs;
  std::vector<quant::CodeTable> tables;
};
/// std::monostate: the input, and what lies behind the logits and is never run.
using Step =
    std::variant<std::monostate, kernel::ComputingLayer, CopyStep, MaxPoolStep, AveragePoolStep,
                 MeanStep, MapStep, MoveStep, BinaryStep, ConcatenateStep, SoftmaxStep>;

/// Throws base::InputError, naming the node, if it has no int8 kernel.
Step plan_step(const model::Int8Model& model, int node);

}  // namespace deepaxe::engine
