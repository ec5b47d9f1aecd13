// Printer: a model as the table that `inspect` shows.
#pragma once

#include <cstdint>
#include <string>

#include "deepaxe/model/graph.h"

namespace deepaxe::model {

/// Kernel, stride, groups...: "5x5 stride 2 pad 1,1,1,1"; empty where there is nothing to say.
std::string describe(const Op& op);

/// Weights and biases of one node.
template <typename Node>
std::int64_t num_parameters(const Node& node);

/// One row a node (name, op, inputs, shape, MACs, parameters; of int8 models also scale, zero
/// point and fused activation) and a row of totals. Lines end in '\n'.
std::string print_table(const FloatModel& model);
std::string print_table(const Int8Model& model);

}  // namespace deepaxe::model
