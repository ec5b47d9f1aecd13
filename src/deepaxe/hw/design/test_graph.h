// Graphs of nodes that only have shapes, for tests of this library.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

/// Appends a node, which becomes the output; returns its index.
inline int add(model::Int8Model& model, model::Op op, std::vector<int> inputs, model::Shape shape) {
  model::Int8Node node;
  node.name = "node" + std::to_string(model.nodes.size());
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.shape = std::move(shape);
  model.nodes.push_back(std::move(node));
  model.output = static_cast<int>(model.nodes.size()) - 1;
  return model.output;
}

}  // namespace deepaxe::hw::design
