#include "deepaxe/frontend/keras/fold_permute.h"

#include "deepaxe/frontend/keras/rewrite.h"

namespace deepaxe::frontend::keras {
namespace {

using model::FloatModel;
using model::FloatNode;

// source[i]: the element of the permuted tensor's input that becomes its element i.
std::vector<std::size_t> element_order(const model::Shape& from, const std::vector<int>& axes) {
  const std::size_t rank = axes.size();
  std::vector<std::size_t> strides(rank, 1);
  for (std::size_t axis = rank; axis-- > 1;) {
    strides[axis - 1] = strides[axis] * static_cast<std::size_t>(from[axis]);
  }
  std::vector<std::size_t> source(model::num_elements(from), 0);
  std::size_t inner = source.size();  // Elements of one step along the output axis.
  for (const int axis : axes) {
    const auto size = static_cast<std::size_t>(from[static_cast<std::size_t>(axis)]);
    inner /= size;
    for (std::size_t i = 0; i < source.size(); ++i) {
      source[i] += i / inner % size * strides[static_cast<std::size_t>(axis)];
    }
  }
  return source;
}

int reader_of(const std::vector<std::vector<int>>& readers, int index) {
  const auto& list = readers[static_cast<std::size_t>(index)];
  return list.size() == 1 ? list.front() : -1;
}

bool fold_one(FloatModel& model, int index) {
  const FloatNode& permute = model.nodes[static_cast<std::size_t>(index)];
  const auto readers = find_readers(model);
  const int flatten = reader_of(readers, index);
  if (flatten < 0) return false;
  const FloatNode& flat = model.nodes[static_cast<std::size_t>(flatten)];
  if (!std::holds_alternative<model::Reshape>(flat.op) || flat.shape.size() != 1) return false;
  const int reader = reader_of(readers, flatten);
  if (reader < 0) return false;
  FloatNode& dense = model.nodes[static_cast<std::size_t>(reader)];
  if (!std::holds_alternative<model::Dense>(dense.op)) return false;
  const auto& from = model.nodes[static_cast<std::size_t>(permute.inputs.at(0))].shape;
  const auto source = element_order(from, std::get<model::Permute>(permute.op).axes);
  std::vector<float> weights(dense.weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t row = i / source.size() * source.size();
    weights[row + source[i % source.size()]] = dense.weights[i];
  }
  dense.weights = std::move(weights);
  remove_node(model, index);
  return true;
}

}  // namespace

void fold_permute(FloatModel& model) {
  for (std::size_t i = 0; i < model.nodes.size();) {
    const bool folded = std::holds_alternative<model::Permute>(model.nodes[i].op) &&
                        fold_one(model, static_cast<int>(i));
    if (!folded) ++i;
  }
}

}  // namespace deepaxe::frontend::keras
