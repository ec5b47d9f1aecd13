// Int8 models built layer by layer with random weights, for tests and benchmarks.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::engine {

/// Adds nodes one after the other; `input` -1 is the last node. Weight scales keep the accumulators
/// of random codes inside the output range, so that few codes saturate.
class ModelBuilder {
 public:
  ModelBuilder(std::string name, model::Shape input_shape, std::uint64_t seed) : rng_(seed) {
    model_.name = std::move(name);
    model::Int8Node input;
    input.name = "input";
    input.op = model::Input{};
    input.shape = std::move(input_shape);
    input.quant = {.scale = 1.0F / 255.0F, .zero_point = -128};
    model_.nodes.push_back(std::move(input));
  }

  int conv(int outputs, model::Window window, int groups = 1, int input = -1) {
    const model::Shape in = shape_of(input);
    const int depth = window.kernel_h * window.kernel_w * in[2] / groups;
    return computing(model::Conv2d{.window = window, .groups = groups}, outputs, depth, input);
  }
  int depthwise(int multiplier, model::Window window, int input = -1) {
    const int outputs = shape_of(input)[2] * multiplier;
    return computing(model::DepthwiseConv2d{.window = window, .depth_multiplier = multiplier},
                     outputs, window.kernel_h * window.kernel_w, input);
  }
  int dense(int outputs, int input = -1) {
    return computing(model::Dense{}, outputs, model::num_channels(shape_of(input)), input);
  }
  /// Any op without weights; the quantization of its input, or `quant`.
  int other(model::Op op, std::vector<int> inputs = {-1}, const quant::QuantParams* quant = nullptr,
            model::Shape shape = {}) {
    model::Int8Node node = start(std::move(op), std::move(inputs));
    node.quant = quant != nullptr
                     ? *quant
                     : model_.nodes[static_cast<std::size_t>(node.inputs.front())].quant;
    node.shape = std::move(shape);
    return finish(std::move(node));
  }
  int max_pool2() {
    return other(
        model::Pool{.kind = model::PoolKind::kMax,
                    .window = {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}});
  }
  int flatten() {
    const auto size = static_cast<int>(model::num_elements(shape_of(-1)));
    return other(model::Reshape{}, {-1}, nullptr, {size});
  }
  const model::Shape& shape_of(int node) const {
    return model_.nodes[static_cast<std::size_t>(resolve(node))].shape;
  }
  model::Int8Model build() {
    model_.output = static_cast<int>(model_.nodes.size()) - 1;
    return model_;
  }
  std::int8_t random_code() { return static_cast<std::int8_t>(rng_.below(256, index_++)); }

 private:
  int resolve(int node) const {
    return node < 0 ? static_cast<int>(model_.nodes.size()) - 1 : node;
  }
  model::Int8Node start(model::Op op, std::vector<int> inputs) {
    model::Int8Node node;
    node.name = std::string(model::op_name(op)) + std::to_string(model_.nodes.size());
    node.op = std::move(op);
    for (int& input : inputs) input = resolve(input);
    node.inputs = std::move(inputs);
    return node;
  }
  int finish(model::Int8Node node) {
    node.shape = model::infer_shape(model_, node);
    model_.nodes.push_back(std::move(node));
    return static_cast<int>(model_.nodes.size()) - 1;
  }
  int computing(model::Op op, int outputs, int depth, int input) {
    model::Int8Node node = start(std::move(op), {input});
    const auto count = static_cast<std::size_t>(outputs);
    node.weights.resize(count * static_cast<std::size_t>(depth));
    for (std::int8_t& weight : node.weights) weight = random_code();
    const float in_scale = model_.nodes[static_cast<std::size_t>(node.inputs.front())].quant.scale;
    node.quant = {.scale = 0.05F, .zero_point = -128 + static_cast<int>(rng_.below(100, index_++))};
    const auto spread = static_cast<float>(73 * 73) * std::sqrt(static_cast<float>(depth));
    for (std::size_t o = 0; o < count; ++o) {
      const auto ratio = static_cast<float>(40 + rng_.below(40, index_++)) / spread;
      node.weight_scales.push_back(ratio * node.quant.scale / in_scale);
      node.bias.push_back(static_cast<std::int32_t>(rng_.below(20001, index_++)) - 10000);
    }
    node.clamp_low = node.quant.zero_point;  // ReLU.
    node.rounding = std::holds_alternative<model::Dense>(node.op) ? quant::Rounding::kSingle
                                                                  : quant::Rounding::kDouble;
    return finish(std::move(node));
  }

  model::Int8Model model_;
  base::CounterRng rng_;
  std::uint64_t index_ = 0;
};

/// 281,640 multiply-accumulates.
inline model::Int8Model random_lenet5(std::uint64_t seed = 1) {
  ModelBuilder builder("lenet5", {28, 28, 1}, seed);
  builder.conv(6, {.kernel_h = 5, .kernel_w = 5});
  builder.max_pool2();
  builder.conv(16, {.kernel_h = 5, .kernel_w = 5});
  builder.max_pool2();
  builder.flatten();
  builder.dense(120);
  builder.dense(84);
  builder.dense(10);
  return builder.build();
}

/// The CIFAR-10 AlexNet of 51,530,240 multiply-accumulates.
inline model::Int8Model random_alexnet(std::uint64_t seed = 1) {
  const model::Window same = {
      .kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  ModelBuilder builder("alexnet", {32, 32, 3}, seed);
  builder.conv(48, same);
  builder.max_pool2();
  builder.conv(96, same);
  builder.max_pool2();
  builder.conv(192, same);
  builder.conv(192, same);
  builder.max_pool2();
  builder.conv(256, same);
  builder.max_pool2();
  builder.flatten();
  builder.dense(512);
  builder.dense(256);
  builder.dense(10);
  return builder.build();
}

}  // namespace deepaxe::engine
