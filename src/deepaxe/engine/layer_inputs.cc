#include "deepaxe/engine/layer_inputs.h"

#include <algorithm>

namespace deepaxe::engine {

LayerInputs::LayerInputs(const Int8Engine& engine, const Assignment& assignment,
                         std::span<const std::int8_t> images, std::size_t most_images)
    : num_images_(std::min(most_images, images.size() / engine.node_size(0))),
      tensors_(engine.run_all(assignment, static_cast<int>(num_images_),
                              images.first(num_images_ * engine.node_size(0)))) {
  const model::Int8Model& model = engine.model();
  for (const int node : model::computing_nodes(model)) {
    const int input = model.nodes[static_cast<std::size_t>(node)].inputs.front();
    codes_.emplace_back(tensors_[static_cast<std::size_t>(input)]);
  }
}

}  // namespace deepaxe::engine
