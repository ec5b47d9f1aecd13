#include "deepaxe/frontend/keras/fold_batch_norm.h"

#include <algorithm>

#include "deepaxe/frontend/keras/rewrite.h"

namespace deepaxe::frontend::keras {
namespace {

using model::FloatModel;
using model::FloatNode;

bool pads(const model::Window& w) {
  return w.pad_top != 0 || w.pad_bottom != 0 || w.pad_left != 0 || w.pad_right != 0;
}

// Output channel of weight i. Depthwise weights have it last, the others first.
std::size_t output_of(const FloatNode& node, std::size_t i) {
  const auto outputs = static_cast<std::size_t>(model::num_channels(node.shape));
  if (!model::is_computing(node.op) || std::holds_alternative<model::DepthwiseConv2d>(node.op)) {
    return i % outputs;
  }
  return i / (node.weights.size() / outputs);
}

// Input channel that weight i multiplies, for an input of `channels` channels. A dense layer behind
// a flatten of [h, w, channels] reads them in turn, so the remainder is right there too.
std::size_t input_of(const FloatNode& node, std::size_t i, std::size_t channels) {
  if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op)) {
    const auto multiplier = static_cast<std::size_t>(depthwise->depth_multiplier);
    return i % (channels * multiplier) / multiplier;
  }
  const auto* conv = std::get_if<model::Conv2d>(&node.op);
  if (conv == nullptr) return i % channels;
  const auto groups = static_cast<std::size_t>(conv->groups);
  const auto outputs = static_cast<std::size_t>(model::num_channels(node.shape));
  const std::size_t group = output_of(node, i) / (outputs / groups);
  return group * (channels / groups) + i % (channels / groups);
}

void fold_into_producer(FloatNode& producer, const FloatNode& affine) {
  for (std::size_t i = 0; i < producer.weights.size(); ++i) {
    producer.weights[i] *= affine.weights[output_of(producer, i)];
  }
  producer.bias.resize(affine.bias.size(), 0.0F);
  for (std::size_t o = 0; o < producer.bias.size(); ++o) {
    producer.bias[o] = producer.bias[o] * affine.weights[o] + affine.bias[o];
  }
}

void fold_into_reader(FloatNode& reader, const FloatNode& affine) {
  const std::size_t channels = affine.weights.size();
  std::vector<double> added(static_cast<std::size_t>(model::num_channels(reader.shape)), 0.0);
  for (std::size_t i = 0; i < reader.weights.size(); ++i) {
    const std::size_t c = input_of(reader, i, channels);
    added[output_of(reader, i)] += static_cast<double>(reader.weights[i]) * affine.bias[c];
    reader.weights[i] *= affine.weights[c];
  }
  reader.bias.resize(added.size(), 0.0F);
  for (std::size_t o = 0; o < added.size(); ++o) {
    reader.bias[o] = static_cast<float>(reader.bias[o] + added[o]);
  }
}

bool takes_offsets(const FloatNode& reader) {
  if (const auto* conv = std::get_if<model::Conv2d>(&reader.op)) return !pads(conv->window);
  if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&reader.op)) {
    return !pads(depthwise->window);
  }
  return true;
}

// The only reader of a node, seen through Reshapes that a dense layer follows; -1 if there is none.
int only_reader(const FloatModel& model, const std::vector<std::vector<int>>& readers, int index) {
  const auto* list = &readers[static_cast<std::size_t>(index)];
  bool reshaped = false;
  while (list->size() == 1 && list->front() >= 0) {
    const int reader = list->front();
    const FloatNode& node = model.nodes[static_cast<std::size_t>(reader)];
    if (!std::holds_alternative<model::Reshape>(node.op)) {
      return !reshaped || std::holds_alternative<model::Dense>(node.op) ? reader : -1;
    }
    if (node.shape.size() != 1) return -1;  // Only a flatten keeps "index % channels".
    reshaped = true;
    list = &readers[static_cast<std::size_t>(reader)];
  }
  return -1;
}

bool fold_one(FloatModel& model, int index) {
  const auto readers = find_readers(model);
  const FloatNode& affine = model.nodes[static_cast<std::size_t>(index)];
  const auto before = static_cast<std::size_t>(affine.inputs.at(0));
  FloatNode& producer = model.nodes[before];
  const bool can_take =
      model::is_computing(producer.op) || std::holds_alternative<model::Affine>(producer.op);
  if (can_take && readers[before].size() == 1) {
    fold_into_producer(producer, affine);
    remove_node(model, index);
    return true;
  }
  const int after = only_reader(model, readers, index);
  if (after < 0) return false;
  FloatNode& reader = model.nodes[static_cast<std::size_t>(after)];
  const bool no_offsets =
      std::all_of(affine.bias.begin(), affine.bias.end(), [](float offset) { return offset == 0; });
  if (!model::is_computing(reader.op) || (!takes_offsets(reader) && !no_offsets)) return false;
  fold_into_reader(reader, affine);
  remove_node(model, index);
  return true;
}

}  // namespace

void fold_batch_norm(FloatModel& model) {
  for (std::size_t i = 0; i < model.nodes.size();) {
    const bool folded = std::holds_alternative<model::Affine>(model.nodes[i].op) &&
                        fold_one(model, static_cast<int>(i));
    if (!folded) ++i;  // Else another node has moved to this place.
  }
}

}  // namespace deepaxe::frontend::keras
