#include "deepaxe/fault/test_network.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace deepaxe::fault::testing {

using model::Int8Node;
using model::Window;

NetworkBuilder::NetworkBuilder(model::Shape input, std::uint64_t seed) : rng_(seed, 100) {
  model_.name = "random";
  Int8Node node;
  node.op = model::Input{};
  node.shape = std::move(input);
  node.quant = {0.05F, -3};
  node.name = "input";
  model_.nodes.push_back(std::move(node));
}

std::int32_t NetworkBuilder::draw(std::int32_t low, std::int32_t high) {
  const auto span = static_cast<std::uint64_t>(high - low + 1);
  return low + static_cast<std::int32_t>(rng_.below(span, next_draw_++));
}

int NetworkBuilder::add(Int8Node node) {
  node.name = "node" + std::to_string(model_.nodes.size());
  model_.nodes.push_back(std::move(node));
  return static_cast<int>(model_.nodes.size()) - 1;
}

int NetworkBuilder::add_computing(model::Op op, int input, int channels, std::size_t depth,
                                  std::size_t num_weights, bool relu) {
  Int8Node node;
  node.op = std::move(op);
  node.inputs = {input};
  node.quant = {0.05F, draw(-20, 20)};
  for (std::size_t i = 0; i < num_weights; ++i) {
    node.weights.push_back(static_cast<std::int8_t>(draw(-127, 127)));
  }
  // Sums of `depth` products have a spread near 73 * 50 * sqrt(depth): to about 50 codes.
  const double scale = 1 / (73 * std::sqrt(static_cast<double>(depth)));
  for (int c = 0; c < channels; ++c) {
    node.weight_scales.push_back(static_cast<float>(scale * (0.75 + 0.05 * draw(0, 10))));
    node.bias.push_back(draw(-2000, 2000));
  }
  node.clamp_low = relu ? node.quant.zero_point : -128;
  if (relu) node.activation.kind = model::ActivationKind::kRelu;
  node.rounding = draw(0, 1) == 0 ? quant::Rounding::kSingle : quant::Rounding::kDouble;
  node.shape = model::infer_shape(model_, node);
  return add(std::move(node));
}

int NetworkBuilder::convolution(int input, int channels, const Window& window, int groups,
                                bool relu) {
  const int in = model::num_channels(model_.nodes[static_cast<std::size_t>(input)].shape);
  const auto depth = static_cast<std::size_t>(window.kernel_h * window.kernel_w * in / groups);
  return add_computing(model::Conv2d{window, groups}, input, channels, depth,
                       depth * static_cast<std::size_t>(channels), relu);
}

int NetworkBuilder::depthwise(int input, int multiplier, const Window& window) {
  const int in = model::num_channels(model_.nodes[static_cast<std::size_t>(input)].shape);
  const auto depth = static_cast<std::size_t>(window.kernel_h * window.kernel_w);
  return add_computing(model::DepthwiseConv2d{window, multiplier}, input, in * multiplier, depth,
                       depth * static_cast<std::size_t>(in * multiplier), true);
}

int NetworkBuilder::dense(int input, int units, bool relu) {
  const auto in = static_cast<std::size_t>(
      model::num_channels(model_.nodes[static_cast<std::size_t>(input)].shape));
  return add_computing(model::Dense{}, input, units, in, in * static_cast<std::size_t>(units),
                       relu);
}

int NetworkBuilder::flatten(int input) {
  const Int8Node& source = model_.nodes[static_cast<std::size_t>(input)];
  Int8Node node;
  node.op = model::Reshape{};
  node.inputs = {input};
  node.quant = source.quant;
  node.shape = {static_cast<int>(model::num_elements(source.shape))};
  return add(std::move(node));
}

int NetworkBuilder::global_pool(int input) {
  const Int8Node& source = model_.nodes[static_cast<std::size_t>(input)];
  Int8Node node;
  node.op = model::GlobalPool{};
  node.inputs = {input};
  node.quant = source.quant;
  node.shape = {model::num_channels(source.shape)};
  return add(std::move(node));
}

int NetworkBuilder::plain(model::Op op, std::vector<int> inputs) {
  const quant::QuantParams quant = model_.nodes[static_cast<std::size_t>(inputs.front())].quant;
  return plain(std::move(op), std::move(inputs), quant);
}

int NetworkBuilder::plain(model::Op op, std::vector<int> inputs, quant::QuantParams quant) {
  Int8Node node;
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.quant = quant;
  node.shape = model::infer_shape(model_, node);
  return add(std::move(node));
}

int NetworkBuilder::with_constant(model::Op op, int input, std::size_t size) {
  Int8Node node;
  node.op = std::move(op);
  node.inputs = {input};
  node.quant = {0.05F, draw(-20, 20)};
  node.constant_quant = {0.02F, draw(-20, 20)};
  for (std::size_t i = 0; i < size; ++i) {
    node.weights.push_back(static_cast<std::int8_t>(draw(-128, 127)));
  }
  node.shape = model::infer_shape(model_, node);
  return add(std::move(node));
}

Window square_window(int kernel, int stride, int dilation) {
  Window window;
  window.kernel_h = window.kernel_w = kernel;
  window.stride_h = window.stride_w = stride;
  window.dilation_h = window.dilation_w = dilation;
  return window;
}

Window NetworkBuilder::same(int input, int kernel, int stride, int dilation) const {
  Window window = square_window(kernel, stride, dilation);
  const model::Shape& shape = model_.nodes[static_cast<std::size_t>(input)].shape;
  model::set_same_padding(window, shape[0], shape[1]);
  return window;
}

model::Int8Model NetworkBuilder::finish(int output) const {
  model::Int8Model model = model_;
  model.output = output;
  return model;
}

model::Int8Model chain_network(std::uint64_t seed) {
  NetworkBuilder b({8, 8, 2}, seed);
  int x = b.convolution(0, 3, square_window(3));
  x = b.plain(model::Pool{model::PoolKind::kMax, square_window(2, 2)}, {x});
  x = b.convolution(x, 4, b.same(x, 2, 2));
  x = b.flatten(x);
  x = b.dense(x, 9, true);
  x = b.dense(x, 4, false);
  return b.finish(b.plain(model::Softmax{}, {x}));
}

model::Int8Model residual_network(std::uint64_t seed) {
  NetworkBuilder b({6, 5, 2}, seed);
  const int a = b.convolution(0, 3, b.same(0, 3));
  const int d = b.depthwise(a, 1, b.same(a, 3));
  const int sum = b.plain(model::Arithmetic{}, {a, d});
  int x = b.plain(model::Pool{model::PoolKind::kAverage, b.same(sum, 3, 2)}, {sum});
  x = b.flatten(x);
  return b.finish(b.dense(x, 4, false));
}

model::Int8Model branch_network(std::uint64_t seed) {
  NetworkBuilder b({6, 6, 2}, seed);
  const int a = b.convolution(0, 4, square_window(1));
  const int pooled = b.plain(model::Pool{model::PoolKind::kMax, b.same(a, 3, 1)}, {a});
  const int joined = b.plain(model::Concatenate{2}, {a, pooled});
  int x = b.convolution(joined, 6, b.same(joined, 3, 1, 2), 2);
  x = b.global_pool(x);
  return b.finish(b.dense(x, 3, false));
}

model::Int8Model moving_network(std::uint64_t seed) {
  NetworkBuilder b({5, 6, 2}, seed);
  int x = b.convolution(0, 2, square_window(2), 1, false);
  x = b.plain(model::make_image_pad(1, 0, 2, 1), {x});
  x = b.plain(model::Permute{{1, 0, 2}}, {x});
  x = b.plain(model::make_image_crop(b.shape(x), 0, 1, 1, 0), {x});
  model::Activation relu;
  relu.kind = model::ActivationKind::kRelu;
  x = b.plain(model::Activate{relu}, {x});
  x = b.depthwise(x, 2, square_window(2, 2));
  x = b.flatten(x);
  return b.finish(b.dense(x, 5, false));
}

// A branch of one value for each channel multiplies the image: operands that broadcast.
model::Int8Model gated_network(std::uint64_t seed) {
  using model::ActivationKind;
  using model::ArithmeticKind;
  constexpr quant::QuantParams kProbability{.scale = 1.0F / 256, .zero_point = -128};
  NetworkBuilder b({4, 5, 2}, seed);
  int x = b.convolution(0, 3, square_window(2), 1, false);
  x = b.with_constant(model::Prelu{}, x, 3);
  x = b.with_constant(
      model::Arithmetic{ArithmeticKind::kSubtract, model::ConstantOperand::kFirst, {4, 3}}, x, 12);
  const int pooled = b.plain(model::GlobalPool{model::PoolKind::kMax}, {x});
  int gate = b.dense(pooled, 3, false);
  gate = b.plain(model::Activate{{.kind = ActivationKind::kSigmoid}}, {gate}, kProbability);
  x = b.plain(model::Arithmetic{.kind = ArithmeticKind::kMultiply}, {x, gate});
  x = b.plain(model::Activate{{.kind = ActivationKind::kHardSwish}}, {x});
  x = b.plain(model::Slice{{0, 0, 0}, {2, 4, 3}, {2, 1, 1}}, {x});
  x = b.plain(model::Pad{{0, 0, 1}, {0, 0, 0}, 0.4F}, {x});
  x = b.plain(model::Softmax{}, {x}, kProbability);
  return b.finish(b.dense(b.flatten(x), 4, false));
}

std::vector<model::Int8Model> all_networks(std::uint64_t seed) {
  return {chain_network(seed), residual_network(seed), branch_network(seed), moving_network(seed),
          gated_network(seed)};
}

model::Int8Model lenet5_network(std::uint64_t seed) {
  NetworkBuilder b({28, 28, 1}, seed);
  const model::Op pool = model::Pool{model::PoolKind::kMax, square_window(2, 2)};
  int x = b.convolution(0, 6, square_window(5));
  x = b.plain(pool, {x});
  x = b.convolution(x, 16, square_window(5));
  x = b.flatten(b.plain(pool, {x}));
  x = b.dense(x, 120, true);
  x = b.dense(x, 84, true);
  return b.finish(b.dense(x, 10, false));
}

model::Int8Model alexnet_network(std::uint64_t seed) {
  NetworkBuilder b({32, 32, 3}, seed);
  const model::Op pool = model::Pool{model::PoolKind::kMax, square_window(2, 2)};
  int x = b.convolution(0, 48, b.same(0, 3));
  x = b.plain(pool, {x});
  x = b.convolution(x, 96, b.same(x, 3));
  x = b.plain(pool, {x});
  x = b.convolution(x, 192, b.same(x, 3));
  x = b.convolution(x, 192, b.same(x, 3));
  x = b.plain(pool, {x});
  x = b.convolution(x, 256, b.same(x, 3));
  x = b.flatten(b.plain(pool, {x}));
  x = b.dense(x, 512, true);
  x = b.dense(x, 256, true);
  return b.finish(b.dense(x, 10, false));
}

arith::Multiplier noisy_multiplier(std::uint64_t seed, int noise) {
  const base::CounterRng rng(seed, 101);
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      const std::size_t i =
          arith::Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      const auto error = static_cast<int>(rng.below(static_cast<std::uint64_t>(2 * noise + 1), i));
      products[i] = static_cast<std::int16_t>(a * b + error - noise);  // Within +-17,000.
    }
  }
  return arith::Multiplier(std::move(products));
}

engine::Assignment noisy_assignment(const model::Int8Model& model, std::uint64_t seed) {
  engine::Assignment assignment;
  const std::size_t layers = model::computing_nodes(model).size();
  for (std::size_t l = 0; l < layers; ++l) {
    if (l % 2 == 1) {
      assignment.multipliers.push_back(arith::exact_multiplier());
      continue;
    }
    assignment.multipliers.push_back(std::make_shared<arith::NamedMultiplier>(
        arith::NamedMultiplier{"noisy", noisy_multiplier(seed + l), {}, {}, {}, {}}));
  }
  return assignment;
}

std::vector<std::int8_t> random_images(const model::Int8Model& model, std::size_t count,
                                       std::uint64_t seed) {
  const base::CounterRng rng(seed, 102);
  std::vector<std::int8_t> images(count * model::num_elements(model.input_shape()));
  for (std::size_t i = 0; i < images.size(); ++i) {
    images[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
  }
  return images;
}

}  // namespace deepaxe::fault::testing
