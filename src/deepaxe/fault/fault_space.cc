#include "deepaxe/fault/fault_space.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace deepaxe::fault {
namespace {

std::vector<std::uint64_t> to_sizes(const model::Shape& shape) {
  return {shape.begin(), shape.end()};
}

// As kernel::ComputingLayer orders them: [out][kernel_h][kernel_w][in / groups], or [out][in].
std::vector<std::uint64_t> weight_shape(const model::Int8Node& node) {
  const auto channels = static_cast<std::uint64_t>(model::num_channels(node.shape));
  const std::uint64_t depth = node.weights.size() / channels;
  const model::Window* window = nullptr;
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) window = &conv->window;
  if (const auto* conv = std::get_if<model::DepthwiseConv2d>(&node.op)) window = &conv->window;
  if (window == nullptr) return {channels, depth};
  const auto rows = static_cast<std::uint64_t>(window->kernel_h);
  const auto columns = static_cast<std::uint64_t>(window->kernel_w);
  return {channels, rows, columns, depth / (rows * columns)};
}

}  // namespace

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

FaultSpace::FaultSpace(const model::Int8Model& model, bool include_input)
    : FaultSpace(model, FaultSpaceParams{.include_input = include_input}) {}

FaultSpace::FaultSpace(const model::Int8Model& model, const FaultSpaceParams& params) {
  if (params.parallel_outputs < 1) {
    throw std::invalid_argument("fault space: parallel outputs below 1");
  }
  bool is_any_defined = false;
  for (const Target target : params.targets) {
    for (const Effect effect : params.effects) {
      if (!is_defined(target, effect)) continue;
      is_any_defined = true;
      if (target == Target::kActivation) {
        add_activations(model, effect, params.include_input);
      } else {
        add_layers(model, target, effect, params);
      }
    }
  }
  if (!is_any_defined) throw std::invalid_argument("fault space: no target has such an effect");
}

void FaultSpace::add_activations(const model::Int8Model& model, Effect effect, bool include_input) {
  const std::vector<bool> needed = needed_nodes(model);
  std::vector<int> nodes = model::storing_nodes(model);
  if (include_input) nodes.insert(nodes.begin(), 0);
  const int logits = storage_roots(model)[static_cast<std::size_t>(model::logits_node(model))];
  for (const int node : nodes) {
    if (!needed[static_cast<std::size_t>(node)] || node == logits) continue;
    const model::Int8Node& source = model.nodes[static_cast<std::size_t>(node)];
    add(source, node, to_sizes(source.shape), Target::kActivation, effect);
  }
}

void FaultSpace::add_layers(const model::Int8Model& model, Target target, Effect effect,
                            const FaultSpaceParams& params) {
  const std::vector<bool> needed = needed_nodes(model);
  const std::vector<int> layers = model::computing_nodes(model);
  if (target == Target::kMultiplierNet && params.num_nets.size() != layers.size()) {
    throw std::invalid_argument("fault space: " + std::to_string(params.num_nets.size()) +
                                " numbers of nets for " + std::to_string(layers.size()) +
                                " computing layers");
  }
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const model::Int8Node& node = model.nodes[static_cast<std::size_t>(layers[l])];
    if (!needed[static_cast<std::size_t>(layers[l])]) continue;
    const Target t = target;
    const bool is_one_product = t == Target::kMultiplierNet && effect == Effect::kFlip;
    std::vector<std::uint64_t> shape = weight_shape(node);
    const std::uint64_t channels = shape.front();
    const std::uint64_t depth = node.weights.size() / channels;
    if (t == Target::kMacUnit || t == Target::kMultiplierNet) {
      shape = {std::min(static_cast<std::uint64_t>(params.parallel_outputs), channels)};
    } else if (t != Target::kWeight) {
      shape = {channels};
    }
    if (t == Target::kAccumulator || is_one_product) shape = to_sizes(node.shape);
    if (is_one_product) shape.push_back(depth);
    if (t == Target::kMultiplierNet) shape.push_back(params.num_nets[l]);
    if (!add(node, layers[l], std::move(shape), target, effect)) continue;
    FaultTensor& added = tensors_.back();
    const bool hits_units =
        t == Target::kMacUnit || (t == Target::kMultiplierNet && !is_one_product);
    if (hits_units) added.parallel_outputs = params.parallel_outputs;
    if (t == Target::kMultiplierNet && !params.circuits.empty()) {
      added.circuit = params.circuits.at(l);
    }
  }
}

bool FaultSpace::add(const model::Int8Node& source, int node, std::vector<std::uint64_t> shape,
                     Target target, Effect effect) {
  FaultTensor tensor;
  tensor.node = node;
  tensor.name = source.name;
  tensor.elements =
      std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
  if (tensor.elements == 0) return false;
  tensor.shape = std::move(shape);
  tensor.first_fault = size_;
  tensor.target = target;
  tensor.effect = effect;
  tensor.bits = num_bits(target) - (effect == Effect::kFlipTwo ? 1 : 0);
  tensor.first_row = num_rows_;
  size_ += tensor.num_faults();
  num_rows_ += static_cast<std::size_t>(tensor.bits);
  tensors_.push_back(std::move(tensor));
  return true;
}

int FaultSpace::tensor_of(std::uint64_t index) const {
  if (index >= size_) throw std::invalid_argument("fault index beyond the space");
  const auto after = std::upper_bound(
      tensors_.begin(), tensors_.end(), index,
      [](std::uint64_t value, const FaultTensor& tensor) { return value < tensor.first_fault; });
  return static_cast<int>(after - tensors_.begin()) - 1;
}

Fault FaultSpace::at(std::uint64_t index) const {
  std::size_t hint = 0;
  return at(index, hint);
}

Fault FaultSpace::at(std::uint64_t index, std::size_t& hint) const {
  if (hint >= tensors_.size() ||
      index - tensors_[hint].first_fault >= tensors_[hint].num_faults()) {
    hint = static_cast<std::size_t>(tensor_of(index));
  }
  const FaultTensor& tensor = tensors_[hint];
  const std::uint64_t offset = index - tensor.first_fault;
  const auto bits = static_cast<std::uint64_t>(tensor.bits);
  return {tensor.target, tensor.effect, tensor.node, offset / bits,
          static_cast<int>(offset % bits)};
}

std::uint64_t FaultSpace::index_of(const Fault& fault) const {
  for (const FaultTensor& tensor : tensors_) {
    if (tensor.node != fault.node || tensor.target != fault.target ||
        tensor.effect != fault.effect || fault.element >= tensor.elements || fault.bit < 0 ||
        fault.bit >= tensor.bits) {
      continue;
    }
    return tensor.first_fault + fault.element * static_cast<std::uint64_t>(tensor.bits) +
           static_cast<std::uint64_t>(fault.bit);
  }
  throw std::invalid_argument("fault outside the space");
}

}  // namespace deepaxe::fault
