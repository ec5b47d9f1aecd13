#include "deepaxe/fault/fault_space.h"

#include <algorithm>
#include <stdexcept>
#include <variant>

namespace deepaxe::fault {

std::vector<int> storage_roots(const model::Int8Model& model) {
  std::vector<int> roots(model.nodes.size());
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const model::Int8Node& node = model.nodes[i];
    roots[i] = std::holds_alternative<model::Reshape>(node.op)
                   ? roots[static_cast<std::size_t>(node.inputs.front())]
                   : static_cast<int>(i);
  }
  return roots;
}

std::vector<bool> needed_nodes(const model::Int8Model& model) {
  std::vector<bool> needed(model.nodes.size(), false);
  const auto logits = static_cast<std::size_t>(model::logits_node(model));
  needed[logits] = true;
  for (std::size_t i = logits + 1; i-- > 0;) {
    if (!needed[i]) continue;
    for (const int input : model.nodes[i].inputs) needed[static_cast<std::size_t>(input)] = true;
  }
  return needed;
}

FaultSpace::FaultSpace(const model::Int8Model& model, bool include_input) {
  const std::vector<bool> needed = needed_nodes(model);
  std::vector<int> nodes = model::storing_nodes(model);
  if (include_input) nodes.insert(nodes.begin(), 0);
  const int logits = storage_roots(model)[static_cast<std::size_t>(model::logits_node(model))];
  for (const int node : nodes) {
    if (!needed[static_cast<std::size_t>(node)] || node == logits) continue;
    const model::Int8Node& source = model.nodes[static_cast<std::size_t>(node)];
    const std::uint64_t elements = model::num_elements(source.shape);
    tensors_.push_back({node, source.name, elements, size_});
    size_ += elements * 8;
  }
}

int FaultSpace::tensor_of(std::uint64_t index) const {
  if (index >= size_) throw std::invalid_argument("fault index beyond the space");
  const auto after = std::upper_bound(
      tensors_.begin(), tensors_.end(), index,
      [](std::uint64_t value, const FaultTensor& tensor) { return value < tensor.first_fault; });
  return static_cast<int>(after - tensors_.begin()) - 1;
}

Fault FaultSpace::at(std::uint64_t index) const {
  const FaultTensor& tensor = tensors_[static_cast<std::size_t>(tensor_of(index))];
  const std::uint64_t offset = index - tensor.first_fault;
  return {tensor.node, static_cast<std::uint32_t>(offset / 8), static_cast<int>(offset % 8)};
}

std::uint64_t FaultSpace::index_of(const Fault& fault) const {
  for (const FaultTensor& tensor : tensors_) {
    if (tensor.node != fault.node || fault.element >= tensor.elements) continue;
    return tensor.first_fault + std::uint64_t{fault.element} * 8 +
           static_cast<std::uint64_t>(fault.bit);
  }
  throw std::invalid_argument("fault outside the space");
}

}  // namespace deepaxe::fault
