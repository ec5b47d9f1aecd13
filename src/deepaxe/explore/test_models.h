// Small random int8 models for the tests of this library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::explore::test {

/// Random codes: a function of (seed, stream).
inline std::vector<std::int8_t> random_codes(std::uint64_t seed, std::uint64_t stream,
                                             std::size_t count) {
  const base::CounterRng rng(seed, stream);
  std::vector<std::int8_t> codes(count);
  for (std::size_t i = 0; i < count; ++i) {
    codes[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
  }
  return codes;
}

/// Appends nodes to a model; weights are random, scales keep accumulators in the range of a code.
class ModelBuilder {
 public:
  ModelBuilder(std::uint64_t seed, model::Shape input) : seed_(seed) {
    model_.name = "random";
    add("input", model::Input{}, {}, std::move(input));
  }

  int add(const std::string& name, model::Op op, std::vector<int> inputs, model::Shape shape) {
    model::Int8Node node;
    node.name = name;
    node.op = std::move(op);
    node.inputs = std::move(inputs);
    node.shape = std::move(shape);
    node.quant = {0.05F, -3};
    model_.nodes.push_back(std::move(node));
    model_.output = static_cast<int>(model_.nodes.size()) - 1;
    return model_.output;
  }

  int convolution(const std::string& name, int input, int channels, int kernel, int pad) {
    const model::Shape in = shape_of(input);
    model::Conv2d conv;
    conv.window.kernel_h = conv.window.kernel_w = kernel;
    conv.window.pad_top = conv.window.pad_bottom = pad;
    conv.window.pad_left = conv.window.pad_right = pad;
    const int size_h = in[0] + 2 * pad - kernel + 1, size_w = in[1] + 2 * pad - kernel + 1;
    add(name, conv, {input}, {size_h, size_w, channels});
    return with_weights(channels, kernel * kernel * in[2]);
  }

  int dense(const std::string& name, int input, int units) {
    const int depth = shape_of(input)[0];
    add(name, model::Dense{}, {input}, {units});
    return with_weights(units, depth);
  }

  int max_pool(const std::string& name, int input) {
    const model::Shape in = shape_of(input);
    model::Pool pool;
    pool.window.kernel_h = pool.window.kernel_w = 2;
    pool.window.stride_h = pool.window.stride_w = 2;
    return add(name, pool, {input}, {in[0] / 2, in[1] / 2, in[2]});
  }

  int flatten(const std::string& name, int input) {
    const auto size = static_cast<int>(model::num_elements(shape_of(input)));
    return add(name, model::Reshape{}, {input}, {size});
  }

  const model::Int8Model& model() const { return model_; }

 private:
  model::Shape shape_of(int node) const {
    return model_.nodes[static_cast<std::size_t>(node)].shape;
  }

  int with_weights(int outputs, int depth) {
    model::Int8Node& node = model_.nodes.back();
    const auto count = static_cast<std::size_t>(outputs) * static_cast<std::size_t>(depth);
    node.weights = random_codes(seed_, model_.nodes.size(), count);
    node.weight_scales.assign(static_cast<std::size_t>(outputs), 0.05F / static_cast<float>(depth));
    node.bias.assign(static_cast<std::size_t>(outputs), 7);
    node.activation.kind = model::ActivationKind::kNone;
    return model_.output;
  }

  std::uint64_t seed_;
  model::Int8Model model_;
};

/// Two convolutions, a pool and two dense layers in a chain; 4 computing layers.
inline model::Int8Model chain_model(std::uint64_t seed) {
  ModelBuilder builder(seed, {8, 8, 1});
  int node = builder.convolution("conv1", 0, 3, 3, 0);
  node = builder.max_pool("pool1", node);
  node = builder.convolution("conv2", node, 4, 3, 1);
  node = builder.flatten("flatten", node);
  node = builder.dense("dense1", node, 6);
  builder.dense("dense2", node, 4);
  return builder.model();
}

/// An addition skips the middle convolution, and a branch from the input joins late.
inline model::Int8Model residual_model(std::uint64_t seed) {
  ModelBuilder builder(seed, {6, 6, 2});
  const int first = builder.convolution("first", 0, 2, 3, 1);
  const int middle = builder.convolution("middle", first, 2, 3, 1);
  const int sum = builder.add("sum", model::Arithmetic{}, {first, middle}, {6, 6, 2});
  const int side = builder.convolution("side", 0, 2, 1, 0);
  const int join = builder.add("join", model::Arithmetic{}, {sum, side}, {6, 6, 2});
  builder.dense("logits", builder.flatten("flatten", join), 5);
  return builder.model();
}

/// `count` random images and labels for a model.
struct TestData {
  std::vector<std::int8_t> images;
  std::vector<int> labels;
};

inline TestData random_data(const model::Int8Model& model, std::size_t count, int classes) {
  TestData data;
  data.images = random_codes(99, 0, count * model::num_elements(model.input_shape()));
  const base::CounterRng rng(99, 1);
  for (std::size_t i = 0; i < count; ++i) {
    data.labels.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(classes), i)));
  }
  return data;
}

}  // namespace deepaxe::explore::test
