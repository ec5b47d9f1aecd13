// Shapes of the paper's networks, for tests of this library: weights are there, all zero, and a
// scale for each channel.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Appends layer after layer, each reading the one before.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(model::Shape input) {
    add("input", model::Input{}, std::move(input), 0, 0);
  }

  NetworkBuilder& conv(int kernel, int out, bool is_same) {
    model::Window window{.kernel_h = kernel, .kernel_w = kernel};
    const int shrink = is_same ? 0 : kernel - 1;
    if (is_same)
      window.pad_top = window.pad_bottom = window.pad_left = window.pad_right = kernel / 2;
    const model::Shape in = model_.nodes.back().shape;
    return add("conv", model::Conv2d{.window = window}, {in[0] - shrink, in[1] - shrink, out},
               kernel * kernel * in[2] * out, out);
  }
  NetworkBuilder& max_pool() {
    const model::Window window{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
    const model::Shape in = model_.nodes.back().shape;
    return add("pool", model::Pool{model::PoolKind::kMax, window}, {in[0] / 2, in[1] / 2, in[2]}, 0,
               0);
  }
  NetworkBuilder& flatten() {
    return add("flatten", model::Reshape{},
               {static_cast<int>(model::num_elements(model_.nodes.back().shape))}, 0, 0);
  }
  NetworkBuilder& dense(int out) {
    const model::Shape in = model_.nodes.back().shape;
    return add("dense", model::Dense{}, {out}, in[0] * out, out);
  }
  NetworkBuilder& add(const std::string& name, model::Op op, model::Shape shape, int num_weights,
                      int num_biases) {
    model::Int8Node node;
    node.name = name + std::to_string(model_.nodes.size());
    node.op = std::move(op);
    if (!model_.nodes.empty()) node.inputs = {static_cast<int>(model_.nodes.size()) - 1};
    node.shape = std::move(shape);
    node.weights.resize(static_cast<std::size_t>(num_weights));
    node.bias.resize(static_cast<std::size_t>(num_biases));
    for (int o = 0; o < num_biases; ++o) node.weight_scales.push_back(o % 2 == 0 ? 0.5F : 0.375F);
    model_.nodes.push_back(std::move(node));
    model_.output = static_cast<int>(model_.nodes.size()) - 1;
    return *this;
  }
  model::Int8Model build() const { return model_; }

 private:
  model::Int8Model model_;
};

inline model::Int8Model lenet5() {
  return NetworkBuilder({28, 28, 1})
      .conv(5, 6, false)
      .max_pool()
      .conv(5, 16, false)
      .max_pool()
      .flatten()
      .dense(120)
      .dense(84)
      .dense(10)
      .build();
}

inline model::Int8Model alexnet() {
  return NetworkBuilder({32, 32, 3})
      .conv(3, 48, true)
      .max_pool()
      .conv(3, 96, true)
      .max_pool()
      .conv(3, 192, true)
      .conv(3, 192, true)
      .max_pool()
      .conv(3, 256, true)
      .max_pool()
      .flatten()
      .dense(512)
      .dense(256)
      .dense(10)
      .build();
}

inline model::Int8Model mlp3() {
  return NetworkBuilder({28, 28, 1}).flatten().dense(256).dense(256).dense(10).build();
}

/// The same multiplier in every computing layer.
inline std::vector<const arith::NamedMultiplier*> everywhere(const model::Int8Model& model,
                                                             const std::string& name) {
  std::vector<const arith::NamedMultiplier*> multipliers(model::computing_nodes(model).size(),
                                                         arith::find_multiplier(name).get());
  return multipliers;
}

}  // namespace deepaxe::hw::cost
