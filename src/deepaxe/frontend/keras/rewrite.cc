#include "deepaxe/frontend/keras/rewrite.h"

namespace deepaxe::frontend::keras {

std::vector<std::vector<int>> find_readers(const model::FloatModel& model) {
  std::vector<std::vector<int>> readers(model.nodes.size());
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    for (const int input : model.nodes[i].inputs) {
      readers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
    }
  }
  readers[static_cast<std::size_t>(model.output)].push_back(-1);
  return readers;
}

void remove_node(model::FloatModel& model, int index) {
  const int source = model.nodes[static_cast<std::size_t>(index)].inputs.at(0);
  const auto renumber = [&](int& node) {
    if (node == index) node = source;
    if (node > index) --node;
  };
  for (model::FloatNode& node : model.nodes) {
    for (int& input : node.inputs) renumber(input);
  }
  renumber(model.output);
  model.nodes.erase(model.nodes.begin() + index);
}

}  // namespace deepaxe::frontend::keras
