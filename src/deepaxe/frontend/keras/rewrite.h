// Rewriting a graph: who reads a node, and removing one whose work another has taken over.
#pragma once

#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

/// readers[i]: the nodes that read node i, once for each input slot; the graph's output counts as
/// one more reader, -1.
std::vector<std::vector<int>> find_readers(const model::FloatModel& model);

/// Removes a node with one input; its readers read that input instead.
void remove_node(model::FloatModel& model, int index);

}  // namespace deepaxe::frontend::keras
