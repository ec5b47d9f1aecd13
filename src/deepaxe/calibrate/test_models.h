// Small float networks for the tests of this folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

inline model::FloatNode test_node(std::string name, model::Op op, std::vector<int> inputs,
                                  model::Shape shape) {
  model::FloatNode node;
  node.name = std::move(name);
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.shape = std::move(shape);
  return node;
}

/// Uniform in [-1, 1), a function of the seed.
inline std::vector<float> test_values(std::size_t count, std::uint64_t seed) {
  const base::CounterRng rng(seed);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(2 * rng.unit(i) - 1);
  return values;
}

inline model::FloatNode test_computing(std::string name, model::Op op, int input,
                                       model::Shape shape, std::size_t num_weights) {
  model::FloatNode node = test_node(std::move(name), std::move(op), {input}, std::move(shape));
  node.weights = test_values(num_weights, 7);
  node.bias = test_values(static_cast<std::size_t>(model::num_channels(node.shape)), 8);
  return node;
}

inline model::Op test_relu() {
  return model::Activate{.activation = {.kind = model::ActivationKind::kRelu}};
}

/// conv + relu, pool, concatenation of two readers, flatten, dense, softmax over 4x4x2 images.
inline model::FloatModel test_model() {
  model::FloatModel m{.name = "small", .nodes = {}, .output = 9};
  model::Window same{.kernel_h = 3, .kernel_w = 3};
  model::set_same_padding(same, 4, 4);
  const model::Window halves{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
  m.nodes.push_back(test_node("image", model::Input{}, {}, {4, 4, 2}));
  m.nodes.push_back(test_computing("conv", model::Conv2d{.window = same}, 0, {4, 4, 3}, 54));
  m.nodes.push_back(test_node("conv/relu", test_relu(), {1}, {4, 4, 3}));
  m.nodes.push_back(test_node("pool", model::Pool{.window = halves}, {2}, {2, 2, 3}));
  m.nodes.push_back(test_computing("point", model::Conv2d{}, 3, {2, 2, 1}, 3));
  m.nodes.push_back(test_node("join", model::Concatenate{.axis = 2}, {3, 4}, {2, 2, 4}));
  m.nodes.push_back(test_node("flatten", model::Reshape{}, {5}, {16}));
  m.nodes.push_back(test_computing("dense", model::Dense{}, 6, {5}, 80));
  m.nodes.push_back(test_computing("logits", model::Dense{}, 7, {3}, 15));
  m.nodes.push_back(test_node("softmax", model::Softmax{}, {8}, {3}));
  return m;
}

inline std::vector<float> test_images(std::size_t count) { return test_values(count * 32, 9); }

}  // namespace deepaxe::calibrate
