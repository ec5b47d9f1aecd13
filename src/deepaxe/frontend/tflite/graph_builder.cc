#include "deepaxe/frontend/tflite/graph_builder.h"

#include <fmt/format.h>

#include <utility>

#include "deepaxe/frontend/tflite/names.h"

namespace deepaxe::frontend::tflite {

void GraphBuilder::take_room(const OperatorView& op, std::size_t num_bytes) {
  constexpr std::size_t kSpareBytes = std::size_t{1} << 23;
  const std::size_t most = 2 * file.num_bytes() + kSpareBytes;
  constant_bytes += num_bytes;
  if (constant_bytes > most) {
    file.refuse(op.place, fmt::format("constants of more than {} bytes in all", most),
                fmt::format("about as many as the {} of the file", file.num_bytes()));
  }
}

int GraphBuilder::input_node(const OperatorView& op, std::size_t position) const {
  const int tensor = op.input(position);
  file.tensor(tensor, fmt::format("{} input {}", op.place, position));
  const auto found = node_of_tensor.find(tensor);
  if (found == node_of_tensor.end()) {
    file.expect_type(tensor, is_float ? fb::TensorType_FLOAT32 : fb::TensorType_INT8);
    file.refuse(op.place, file.tensor_place(tensor) + " is constant or not computed yet",
                "the output of an earlier operator");
  }
  return found->second;
}

DraftNode GraphBuilder::make_node(int tensor, model::Op op, std::vector<int> inputs) {
  DraftNode node = make_shapeless_node(tensor, std::move(op), std::move(inputs));
  node.shape = file.image_shape(tensor);
  return node;
}

DraftNode GraphBuilder::make_shapeless_node(int tensor, model::Op op, std::vector<int> inputs) {
  file.expect_type(tensor, is_float ? fb::TensorType_FLOAT32 : fb::TensorType_INT8);
  DraftNode node;
  std::string name = file.tensor_name(tensor);
  if (!keep_names || name.empty()) name = layer_name(name, op);
  node.name = make_unique(name, names);
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  if (!is_float) node.quant = file.quant_params(tensor);
  return node;
}

int GraphBuilder::add_helper(const std::string& name, model::Op op, int source,
                             model::Shape shape) {
  DraftNode helper;
  helper.name = make_unique(name, names);
  helper.op = std::move(op);
  helper.inputs = {source};
  helper.shape = std::move(shape);
  helper.quant = node(source).quant;
  return append(std::move(helper));
}

int GraphBuilder::append(DraftNode node) {
  nodes.push_back(std::move(node));
  return static_cast<int>(nodes.size()) - 1;
}

int GraphBuilder::add_node(DraftNode node, int tensor) {
  if (is_computed(tensor)) {
    file.refuse(file.tensor_place(tensor), "written twice", "one operator that gives it");
  }
  const bool is_fused = node.activation.kind != model::ActivationKind::kNone &&
                        !std::holds_alternative<model::Activate>(node.op);
  int index = 0;
  if (is_float && is_fused) {
    const model::Activate activate{.activation = std::exchange(node.activation, {})};
    const std::string name = fmt::format("{}/{}", node.name, model::op_name(activate));
    const model::Shape shape = node.shape;
    const int source = append(std::move(node));
    index = add_helper(name, activate, source, shape);
  } else {
    index = append(std::move(node));
  }
  if (tensor >= 0) node_of_tensor.emplace(tensor, index);
  return index;
}

}  // namespace deepaxe::frontend::tflite
