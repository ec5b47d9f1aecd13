#include "random_networks.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe {
namespace {

using model::Int8Model;
using model::Int8Node;

// Appends nodes with random weights, scales and zero points to a model.
class NetworkBuilder {
 public:
  NetworkBuilder(const std::string& name, model::Shape input, std::uint64_t seed) : rng_(seed) {
    model_.name = name;
    Int8Node node;
    node.name = "image_in";
    node.op = model::Input{};
    node.shape = std::move(input);
    node.quant = {.scale = 1.0F / 255, .zero_point = -128};
    model_.nodes.push_back(std::move(node));
  }

  // Node with a random scale and zero point; returns its index. The shape is worked out from the
  // inputs and, in computing layers, from the number of outputs; only Reshape needs it given.
  int add(model::Op op, std::vector<int> inputs, int outputs = 0, model::Shape shape = {}) {
    Int8Node node;
    node.name = std::string(op_name(op)) + "_" + std::to_string(model_.nodes.size());
    node.op = std::move(op);
    node.inputs = std::move(inputs);
    node.shape = std::move(shape);
    node.quant = {.scale = static_cast<float>(uniform(0.02, 0.06)),
                  .zero_point = static_cast<int>(draw(61)) - 30};
    if (is_computing(node.op)) {
      add_weights(node, outputs);
    } else {
      node.weights = std::exchange(constant_, {});
    }
    node.shape = infer_shape(model_, node);
    node.clamp_low = draw(2) == 0 ? node.quant.zero_point : -128;  // Half of them rectify.
    model_.nodes.push_back(std::move(node));
    return static_cast<int>(model_.nodes.size()) - 1;
  }

  // Prelu, or Arithmetic with a constant of `size` codes.
  int add_with_constant(model::Op op, int input, std::size_t size) {
    constant_.resize(size);
    for (std::int8_t& code : constant_) {
      code = static_cast<std::int8_t>(static_cast<int>(draw(256)) - 128);
    }
    const int index = add(std::move(op), {input});
    model_.nodes.back().constant_quant = {.scale = static_cast<float>(uniform(0.01, 0.03)),
                                          .zero_point = static_cast<int>(draw(61)) - 30};
    return index;
  }

  // Node whose output has the scale and zero point of its first input.
  int add_same_scale(model::Op op, std::vector<int> inputs, model::Shape shape = {}) {
    const int index = add(std::move(op), std::move(inputs), 0, std::move(shape));
    Int8Node& node = model_.nodes.back();
    node.quant = node_at(node.inputs.front()).quant;
    node.clamp_low = -128;
    return index;
  }

  Int8Model build() {
    model_.output = static_cast<int>(model_.nodes.size()) - 1;
    validate(model_, model_.name);
    return model_;
  }

 private:
  std::uint64_t draw(std::uint64_t bound) { return rng_.below(bound, counter_++); }
  double uniform(double low, double high) { return low + (high - low) * rng_.unit(counter_++); }
  const Int8Node& node_at(int index) const { return model_.nodes[static_cast<std::size_t>(index)]; }

  void add_weights(Int8Node& node, int num_outputs) {
    const auto inputs =
        static_cast<std::size_t>(model::num_channels(node_at(node.inputs.front()).shape));
    const auto outputs = static_cast<std::size_t>(num_outputs);
    std::size_t depth = inputs;
    if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
      depth = inputs / static_cast<std::size_t>(conv->groups) * area(conv->window);
    } else if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op)) {
      depth = area(depthwise->window);
    }
    for (std::size_t i = 0; i < outputs * depth; ++i) {
      node.weights.push_back(static_cast<std::int8_t>(static_cast<int>(draw(255)) - 127));
    }
    const std::size_t num_scales = std::holds_alternative<model::Dense>(node.op) ? 1 : outputs;
    for (std::size_t o = 0; o < outputs; ++o) {
      node.bias.push_back(static_cast<std::int32_t>(draw(20001)) - 10000);
    }
    // Products of uniform codes have a deviation of about 5400: their sum is brought to some 50.
    const double factor = 50 / (5400 * std::sqrt(static_cast<double>(depth)));
    const double scale =
        factor * double{node.quant.scale} / double{node_at(node.inputs.front()).quant.scale};
    for (std::size_t o = 0; o < num_scales; ++o) {
      node.weight_scales.push_back(static_cast<float>(scale * uniform(0.5, 1.5)));
    }
    node.rounding = draw(2) == 0 ? quant::Rounding::kSingle : quant::Rounding::kDouble;
  }

  static std::size_t area(const model::Window& window) {
    return static_cast<std::size_t>(window.kernel_h * window.kernel_w);
  }

  Int8Model model_;
  base::CounterRng rng_;
  std::uint64_t counter_ = 0;
  std::vector<std::int8_t> constant_;  // Of the next node.
};

}  // namespace

// Convolutions with stride, padding, dilation and groups, depthwise with a multiplier, both pools.
Int8Model convolution_network() {
  NetworkBuilder net("convolutions", {9, 8, 2}, 1);
  model::Window same{.kernel_h = 3, .kernel_w = 3, .stride_h = 2, .stride_w = 1};
  set_same_padding(same, 9, 8);
  int last = net.add(model::Conv2d{.window = same}, {0}, 4);
  const model::Window dilated{.kernel_h = 2,
                              .kernel_w = 3,
                              .dilation_h = 2,
                              .dilation_w = 2,
                              .pad_top = 1,
                              .pad_bottom = 1,
                              .pad_left = 2,
                              .pad_right = 2};
  last = net.add(model::Conv2d{.window = dilated, .groups = 2}, {last}, 6);
  const model::Window pool{
      .kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2, .pad_bottom = 1};
  last = net.add_same_scale(model::Pool{.kind = model::PoolKind::kMax, .window = pool}, {last});
  const model::Window depthwise{
      .kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  last = net.add(model::DepthwiseConv2d{.window = depthwise, .depth_multiplier = 2}, {last}, 12);
  const model::Window mean{
      .kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  last = net.add_same_scale(model::Pool{.kind = model::PoolKind::kAverage, .window = mean}, {last});
  last = net.add_same_scale(model::Reshape{}, {last}, {3 * 4 * 12});
  last = net.add(model::Dense{}, {last}, 7);
  net.add(model::Softmax{}, {last});
  return net.build();
}

// Two branches: addition, concatenation, padding, cropping, rectifiers, the mean over the image.
Int8Model branching_network() {
  NetworkBuilder net("branches", {6, 6, 1}, 2);
  const int padded = net.add_same_scale(model::make_image_pad(1, 0, 2, 1), {0});
  const model::Window window{.kernel_h = 2, .kernel_w = 3};
  const int left = net.add(model::Conv2d{.window = window}, {padded}, 3);
  const int right = net.add(model::Conv2d{.window = window}, {padded}, 3);
  const int sum = net.add(model::Arithmetic{}, {left, right});
  const int leaky = net.add(
      model::Activate{{.kind = model::ActivationKind::kRelu, .negative_slope = 0.25F}}, {sum});
  const int both = net.add_same_scale(model::Concatenate{.axis = 2}, {leaky, leaky});
  const int cropped = net.add_same_scale(model::make_image_crop({6, 7, 6}, 1, 0, 0, 2), {both});
  const int turned = net.add_same_scale(model::Permute{.axes = {1, 0, 2}}, {cropped});
  const int mean = net.add(model::GlobalPool{.kind = model::PoolKind::kAverage}, {turned}, 0, {6});
  const int flat = net.add_same_scale(model::Reshape{}, {turned}, {150});
  const int joined = net.add(model::Concatenate{.axis = 0}, {mean, flat});  // Rescales both.
  net.add(model::Dense{}, {joined}, 4);
  return net.build();
}

// Arithmetic with constants and with operands that broadcast, slopes, functions by table, a slice
// with strides, padding with a value.
Int8Model gated_network() {
  using model::ActivationKind;
  using model::ArithmeticKind;
  using model::ConstantOperand;
  NetworkBuilder net("gates", {5, 4, 2}, 3);
  int last = net.add(model::Conv2d{.window = {.kernel_h = 2, .kernel_w = 2}}, {0}, 3);
  last = net.add_with_constant(model::Prelu{}, last, 3);
  last = net.add_with_constant(
      model::Arithmetic{ArithmeticKind::kSubtract, ConstantOperand::kFirst, {3, 3}}, last, 9);
  last = net.add_with_constant(
      model::Arithmetic{ArithmeticKind::kMultiply, ConstantOperand::kSecond, {3}}, last, 3);
  int gate = net.add_same_scale(model::GlobalPool{.kind = model::PoolKind::kMax}, {last}, {3});
  gate = net.add(model::Activate{{.kind = ActivationKind::kSigmoid}}, {gate});
  last = net.add(model::Arithmetic{.kind = ArithmeticKind::kMultiply}, {last, gate});
  last = net.add(model::Activate{{.kind = ActivationKind::kHardSwish}}, {last});
  last = net.add(model::Activate{{.kind = ActivationKind::kTanh}}, {last});
  last = net.add(model::Activate{{.kind = ActivationKind::kRelu, .negative_slope = -0.5F}}, {last});
  last = net.add_same_scale(model::Slice{{1, 0, 0}, {2, 3, 2}, {2, 1, 2}}, {last});
  last = net.add_same_scale(model::Pad{{0, 1, 1}, {1, 0, 0}, -0.3F}, {last});
  last = net.add_same_scale(model::Reshape{}, {last}, {36});
  net.add(model::Dense{}, {last}, 4);
  return net.build();
}

// Two dense layers of sizes that are no multiples of usual numbers of lanes.
Int8Model perceptron() {
  NetworkBuilder net("perceptron", {5, 5, 1}, 4);
  int last = net.add_same_scale(model::Reshape{}, {0}, {25});
  last = net.add(model::Dense{}, {last}, 23);
  last = net.add(model::Dense{}, {last}, 11);
  net.add(model::Dense{}, {last}, 3);
  return net.build();
}

// One convolution and one dense layer.
Int8Model tiny_network() {
  NetworkBuilder net("tiny", {4, 4, 1}, 6);
  int last = net.add(model::Conv2d{.window = {.kernel_h = 2, .kernel_w = 2}}, {0}, 2);
  last = net.add_same_scale(model::Reshape{}, {last}, {18});
  net.add(model::Dense{}, {last}, 3);
  return net.build();
}

// A residual block: padding, stride, depthwise, addition, a mean at the end.
Int8Model residual_network() {
  NetworkBuilder net("residual", {8, 7, 3}, 5);
  model::Window same{.kernel_h = 3, .kernel_w = 3, .stride_h = 2, .stride_w = 2};
  set_same_padding(same, 8, 7);
  const int trunk = net.add(model::Conv2d{.window = same}, {0}, 5);
  const model::Window depthwise{
      .kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  int branch = net.add(model::DepthwiseConv2d{.window = depthwise}, {trunk}, 5);
  branch = net.add(model::Conv2d{}, {branch}, 5);
  const int sum = net.add(model::Arithmetic{}, {trunk, branch});
  const int mean = net.add(model::GlobalPool{.kind = model::PoolKind::kAverage}, {sum}, 0, {5});
  net.add(model::Dense{}, {mean}, 4);
  return net.build();
}

std::vector<std::int8_t> random_codes(std::size_t count) {
  const base::CounterRng rng(3);
  std::vector<std::int8_t> codes;
  for (std::size_t i = 0; i < count; ++i) {
    codes.push_back(static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128));
  }
  return codes;
}

}  // namespace deepaxe
