// One function for each operator that computes on int8 tensors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "deepaxe/frontend/tflite/graph_builder.h"
#include "deepaxe/frontend/tflite/names.h"

namespace deepaxe::frontend::tflite {
namespace {

// Larger windows are not made by any converter, and bound every product of sizes below.
constexpr int kMaxWindow = 1 << 12;
// Of all layers: a damaged file must not read one large buffer thousands of times.
constexpr std::size_t kMaxWeightBytes = std::size_t{1} << 31;

template <typename Options>
const Options& require(const GraphBuilder& builder, const OperatorView& op,
                       const Options* options) {
  if (options == nullptr) builder.file.refuse(op.place, "no options", "the operator's options");
  return *options;
}

const model::Shape& image_input(const GraphBuilder& builder, const OperatorView& op, int node) {
  const model::Shape& shape = builder.node(node).shape;
  if (shape.size() != 3) {
    builder.file.refuse(op.place, "input of shape " + model::to_string(shape),
                        "height x width x channels");
  }
  return shape;
}

model::Window make_window(const GraphBuilder& builder, const OperatorView& op,
                          std::array<int, 6> sizes, fb::Padding padding,
                          const model::Shape& input) {
  const auto [kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w] = sizes;
  for (const int size : sizes) {
    if (size < 1 || size > kMaxWindow) {
      builder.file.refuse(op.place, fmt::format("window size, stride or dilation {}", size),
                          fmt::format("1 to {}", kMaxWindow));
    }
  }
  model::Window window{.kernel_h = kernel_h,
                       .kernel_w = kernel_w,
                       .stride_h = stride_h,
                       .stride_w = stride_w,
                       .dilation_h = dilation_h,
                       .dilation_w = dilation_w};
  if (padding == fb::Padding_SAME) {
    model::set_same_padding(window, input[0], input[1]);
  } else if (padding != fb::Padding_VALID) {
    builder.file.refuse(op.place, fmt::format("padding {}", static_cast<int>(padding)),
                        "SAME or VALID");
  }
  return window;
}

// In codes, as TFLite's CalculateActivationRangeQuantized: quantize saturates to int8.
void set_activation(const GraphBuilder& builder, const OperatorView& op, model::Int8Node& node,
                    fb::FusedActivation activation) {
  using model::ActivationKind;
  const auto code = [&](float real) { return quant::quantize(real, node.quant); };
  switch (activation) {
    case fb::FusedActivation_NONE:
      return;
    case fb::FusedActivation_RELU:
      node.activation.kind = ActivationKind::kRelu;
      node.clamp_low = code(0);
      return;
    case fb::FusedActivation_RELU6:
      node.activation.kind = ActivationKind::kRelu;
      node.activation.has_max = true;
      node.activation.max_value = 6;
      node.clamp_low = code(0);
      node.clamp_high = code(6);
      return;
    case fb::FusedActivation_RELU_N1_TO_1:  // Told by its bounds alone.
      node.clamp_low = code(-1);
      node.clamp_high = code(1);
      return;
    default:
      builder.file.refuse(
          op.place, std::string("fused activation ") + fb::EnumNameFusedActivation(activation),
          "NONE, RELU, RELU6 or RELU_N1_TO_1");
  }
}

void expect_equal_quantization(const GraphBuilder& builder, const OperatorView& op,
                               const model::Int8Node& node) {
  for (const int input : node.inputs) {
    const quant::QuantParams& found = builder.node(input).quant;
    if (found != node.quant) {
      builder.file.refuse(
          op.place, fmt::format("input scale {}, zero point {}", found.scale, found.zero_point),
          fmt::format("as the output: {}, {}", node.quant.scale, node.quant.zero_point));
    }
  }
}

struct Weights {
  std::vector<int> dims;
  std::vector<std::int8_t> values;
  std::vector<float> scales;
};

std::vector<float> read_weight_scales(const GraphBuilder& builder, int tensor, int channel_axis,
                                      int channels) {
  const FileView& file = builder.file;
  const auto* found = file.tensor(tensor, "network").quantization();
  if (found == nullptr || found->scale() == nullptr || found->details_type() != 0) {
    file.refuse(file.tensor_place(tensor), "no or custom quantization", "scales of the weights");
  }
  const std::vector<float> scales(found->scale()->begin(), found->scale()->end());
  if (scales.size() != 1 && scales.size() != static_cast<std::size_t>(channels)) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} scales", scales.size()),
                fmt::format("1 or {}", channels));
  }
  if (scales.size() > 1 && found->quantized_dimension() != channel_axis) {
    file.refuse(file.tensor_place(tensor),
                fmt::format("quantized along axis {}", found->quantized_dimension()),
                fmt::format("axis {}", channel_axis));
  }
  if (found->zero_point() != nullptr &&
      std::any_of(found->zero_point()->begin(), found->zero_point()->end(),
                  [](std::int64_t zero_point) { return zero_point != 0; })) {
    file.refuse(file.tensor_place(tensor), "weights with a zero point", "symmetric weights");
  }
  return scales;
}

Weights read_weights(const GraphBuilder& builder, const OperatorView& op, std::size_t rank,
                     int channel_axis) {
  const FileView& file = builder.file;
  const int tensor = op.input(1);
  file.tensor(tensor, op.place + " weights");
  file.expect_type(tensor, fb::TensorType_INT8);
  Weights weights{.dims = file.dims(tensor), .values = {}, .scales = {}};
  if (weights.dims.size() != rank) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} axes", weights.dims.size()),
                std::to_string(rank));
  }
  const std::span<const std::uint8_t> bytes = file.data(tensor);
  if (bytes.size() != model::num_elements(weights.dims)) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} constant bytes", bytes.size()),
                std::to_string(model::num_elements(weights.dims)));
  }
  weights.values.resize(bytes.size());
  std::memcpy(weights.values.data(), bytes.data(), bytes.size());
  weights.scales = read_weight_scales(builder, tensor, channel_axis,
                                      weights.dims[static_cast<std::size_t>(channel_axis)]);
  return weights;
}

std::vector<std::int32_t> read_bias(const GraphBuilder& builder, const OperatorView& op,
                                    int channels) {
  const FileView& file = builder.file;
  std::vector<std::int32_t> bias(static_cast<std::size_t>(channels));
  const int tensor = op.input(2);
  if (tensor == -1) return bias;
  file.tensor(tensor, op.place + " bias");
  file.expect_type(tensor, fb::TensorType_INT32);
  const std::span<const std::uint8_t> bytes = file.data(tensor);
  if (bytes.size() != bias.size() * sizeof(std::int32_t)) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} constant bytes", bytes.size()),
                std::to_string(bias.size() * sizeof(std::int32_t)));
  }
  std::memcpy(bias.data(), bytes.data(), bytes.size());
  return bias;
}

// The engine asks for factors below 2^30; no sound network comes near.
void expect_factor(const GraphBuilder& builder, const OperatorView& op, double factor) {
  if (!(factor >= 0 && factor < 0x1p29)) {
    builder.file.refuse(op.place, fmt::format("requantization factor {}", factor),
                        "a factor below 2^29");
  }
}

void finish_computing(GraphBuilder& builder, const OperatorView& op, model::Int8Node node,
                      Weights weights, fb::FusedActivation activation) {
  builder.weight_bytes += weights.values.size();
  if (builder.weight_bytes > kMaxWeightBytes) {
    builder.file.refuse(op.place, "more than 2 GiB of weights", "less");
  }
  const double input_scale = double{builder.node(node.inputs[0]).quant.scale};
  for (const float scale : weights.scales) {
    expect_factor(builder, op, input_scale * double{scale} / double{node.quant.scale});
  }
  node.weights = std::move(weights.values);
  node.weight_scales = std::move(weights.scales);
  node.bias = read_bias(builder, op, model::num_channels(node.shape));
  const bool dense = std::holds_alternative<model::Dense>(node.op);
  node.rounding = dense ? quant::Rounding::kSingle : quant::Rounding::kDouble;
  set_activation(builder, op, node, activation);
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_conv2d(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_Conv2DOptions());
  const int input = builder.input_node(op, 0);
  const model::Shape& shape = image_input(builder, op, input);
  Weights weights = read_weights(builder, op, 4, 0);
  if (shape[2] % weights.dims[3] != 0) {
    builder.file.refuse(op.place, fmt::format("kernels of {} channels", weights.dims[3]),
                        fmt::format("a divisor of the {} input channels", shape[2]));
  }
  const model::Conv2d conv{
      .window = make_window(builder, op,
                            {weights.dims[1], weights.dims[2], options.stride_h(),
                             options.stride_w(), options.dilation_h(), options.dilation_w()},
                            options.padding(), shape),
      .groups = shape[2] / weights.dims[3]};
  model::Int8Node node = builder.make_node(builder.file.only_output(op), conv, {input});
  finish_computing(builder, op, std::move(node), std::move(weights), options.fused_activation());
}

void read_depthwise(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_DepthwiseConv2DOptions());
  const int input = builder.input_node(op, 0);
  const model::Shape& shape = image_input(builder, op, input);
  Weights weights = read_weights(builder, op, 4, 3);
  if (weights.dims[0] != 1 || weights.dims[3] % shape[2] != 0) {
    builder.file.refuse(op.place, "weights of shape " + model::to_string(weights.dims),
                        fmt::format("1 x height x width x a multiple of {}", shape[2]));
  }
  const model::DepthwiseConv2d depthwise{
      .window = make_window(builder, op,
                            {weights.dims[1], weights.dims[2], options.stride_h(),
                             options.stride_w(), options.dilation_h(), options.dilation_w()},
                            options.padding(), shape),
      .depth_multiplier = weights.dims[3] / shape[2]};
  model::Int8Node node = builder.make_node(builder.file.only_output(op), depthwise, {input});
  finish_computing(builder, op, std::move(node), std::move(weights), options.fused_activation());
}

// FULLY_CONNECTED may read an image as a vector; here that is a Reshape of its own.
int flattened(GraphBuilder& builder, int input, int size) {
  const model::Int8Node& source = builder.node(input);
  model::Int8Node node;
  node.name = make_unique("flatten", builder.names);
  node.op = model::Reshape{};
  node.inputs = {input};
  node.shape = {size};
  node.quant = source.quant;
  return builder.add_node(std::move(node), -1);
}

void read_dense(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_FullyConnectedOptions());
  if (options.weights_format() != 0) {
    builder.file.refuse(op.place, "shuffled weights", "plain weights");
  }
  int input = builder.input_node(op, 0);
  Weights weights = read_weights(builder, op, 2, 0);
  const model::Shape& shape = builder.node(input).shape;
  if (!options.keep_num_dims() && shape.size() > 1 &&
      model::num_elements(shape) == static_cast<std::size_t>(weights.dims[1])) {
    input = flattened(builder, input, weights.dims[1]);
  }
  model::Int8Node node = builder.make_node(builder.file.only_output(op), model::Dense{}, {input});
  finish_computing(builder, op, std::move(node), std::move(weights), options.fused_activation());
}

void read_pool(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const auto& options = require(builder, op, op.table->builtin_options_as_Pool2DOptions());
  const int input = builder.input_node(op, 0);
  const bool is_max = op.code == fb::BuiltinOperator_MAX_POOL_2D;
  const model::Pool pool{.kind = is_max ? model::PoolKind::kMax : model::PoolKind::kAverage,
                         .window = make_window(builder, op,
                                               {options.filter_h(), options.filter_w(),
                                                options.stride_h(), options.stride_w(), 1, 1},
                                               options.padding(), image_input(builder, op, input))};
  model::Int8Node node = builder.make_node(builder.file.only_output(op), pool, {input});
  expect_equal_quantization(builder, op, node);
  set_activation(builder, op, node, options.fused_activation());
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_add(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const auto& options = require(builder, op, op.table->builtin_options_as_AddOptions());
  model::Int8Node node = builder.make_node(builder.file.only_output(op), model::Add{},
                                           {builder.input_node(op, 0), builder.input_node(op, 1)});
  const double largest = std::max(double{builder.node(node.inputs[0]).quant.scale},
                                  double{builder.node(node.inputs[1]).quant.scale});
  expect_factor(builder, op, 2 * largest / (0x1p20 * double{node.quant.scale}));
  set_activation(builder, op, node, options.fused_activation());
  builder.add_node(std::move(node), builder.file.only_output(op));
}

// An activation that no other operator could take in: it rescales on its own.
void read_relu(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const int input = builder.input_node(op, 0);
  const int tensor = builder.file.only_output(op);
  model::Int8Node node = builder.make_node(tensor, model::Activate{}, {input});
  expect_factor(builder, op, double{builder.node(input).quant.scale} / double{node.quant.scale});
  const bool six = op.code == fb::BuiltinOperator_RELU6;
  set_activation(builder, op, node, six ? fb::FusedActivation_RELU6 : fb::FusedActivation_RELU);
  node.op = model::Activate{.activation = node.activation};
  builder.add_node(std::move(node), tensor);
}

void read_concatenation(GraphBuilder& builder, const OperatorView& op) {
  const auto& options = require(builder, op, op.table->builtin_options_as_ConcatenationOptions());
  std::vector<int> inputs;
  for (std::size_t i = 0; i < op.num_inputs(); ++i) inputs.push_back(builder.input_node(op, i));
  const int tensor = builder.file.only_output(op);
  const int rank = static_cast<int>(builder.file.dims(tensor).size());
  const std::int64_t axis = options.axis() + (options.axis() < 0 ? std::int64_t{rank} : 0);
  if (axis < 1 || axis >= rank || options.fused_activation() != fb::FusedActivation_NONE) {
    builder.file.refuse(op.place, fmt::format("axis {} or a fused activation", options.axis()),
                        "an axis behind the batch, no activation");
  }
  model::Int8Node node = builder.make_node(
      tensor, model::Concatenate{.axis = static_cast<int>(axis) - 1}, std::move(inputs));
  expect_equal_quantization(builder, op, node);
  builder.add_node(std::move(node), tensor);
}

void read_pad(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const int input = builder.input_node(op, 0);
  const std::vector<std::int64_t> sizes = integer_values(builder, op, 1);
  const auto fits = [](std::int64_t size) { return size >= 0 && size <= kMaxWindow; };
  const bool is_spatial = sizes.size() == 8 && sizes[0] == 0 && sizes[1] == 0 && sizes[6] == 0 &&
                          sizes[7] == 0 && std::all_of(sizes.begin(), sizes.end(), fits);
  if (!is_spatial) {
    builder.file.refuse(op.place, "padding of other axes or sizes",
                        fmt::format("height and width, 0 to {}", kMaxWindow));
  }
  const auto size = [&](std::size_t i) { return static_cast<int>(sizes[i]); };
  const model::Pad pad{.top = size(2), .bottom = size(3), .left = size(4), .right = size(5)};
  model::Int8Node node = builder.make_node(builder.file.only_output(op), pad, {input});
  expect_equal_quantization(builder, op, node);
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_mean(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const int input = builder.input_node(op, 0);
  image_input(builder, op, input);
  std::vector<std::int64_t> axes = integer_values(builder, op, 1);
  for (std::int64_t& axis : axes) axis += axis < 0 ? 4 : 0;
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<std::int64_t>{1, 2}) {
    builder.file.refuse(op.place, "a mean over other axes", "height and width");
  }
  model::Int8Node node = builder.make_node(
      builder.file.only_output(op), model::GlobalPool{.kind = model::PoolKind::kAverage}, {input});
  expect_factor(builder, op, double{builder.node(input).quant.scale} / double{node.quant.scale});
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_reshape(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 2);
  const int input = builder.input_node(op, 0);
  model::Int8Node node = builder.make_node(builder.file.only_output(op), model::Reshape{}, {input});
  if (op.input(1) != -1) {  // Must tell the same as the static shape, which is the one used here.
    const std::vector<std::int64_t> sizes = integer_values(builder, op, 1);
    const std::vector<int> dims = builder.file.dims(builder.file.only_output(op));
    const auto agrees = [](std::int64_t size, int dim) { return size == -1 || size == dim; };
    if (!std::equal(sizes.begin(), sizes.end(), dims.begin(), dims.end(), agrees)) {
      builder.file.refuse(op.place, "a shape that is not that of its output",
                          model::to_string(dims));
    }
  }
  expect_equal_quantization(builder, op, node);
  builder.add_node(std::move(node), builder.file.only_output(op));
}

void read_softmax(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const auto& options = require(builder, op, op.table->builtin_options_as_SoftmaxOptions());
  if (options.beta() != 1) {
    builder.file.refuse(op.place, fmt::format("beta {}", options.beta()), "1");
  }
  const int input = builder.input_node(op, 0);
  builder.add_node(builder.make_node(builder.file.only_output(op), model::Softmax{}, {input}),
                   builder.file.only_output(op));
}

struct OperatorReader {
  fb::BuiltinOperator code;
  void (*read)(GraphBuilder&, const OperatorView&);
};

constexpr std::array kReaders{
    OperatorReader{fb::BuiltinOperator_CONV_2D, read_conv2d},
    OperatorReader{fb::BuiltinOperator_DEPTHWISE_CONV_2D, read_depthwise},
    OperatorReader{fb::BuiltinOperator_FULLY_CONNECTED, read_dense},
    OperatorReader{fb::BuiltinOperator_MAX_POOL_2D, read_pool},
    OperatorReader{fb::BuiltinOperator_AVERAGE_POOL_2D, read_pool},
    OperatorReader{fb::BuiltinOperator_ADD, read_add},
    OperatorReader{fb::BuiltinOperator_RELU, read_relu},
    OperatorReader{fb::BuiltinOperator_RELU6, read_relu},
    OperatorReader{fb::BuiltinOperator_CONCATENATION, read_concatenation},
    OperatorReader{fb::BuiltinOperator_PAD, read_pad},
    OperatorReader{fb::BuiltinOperator_MEAN, read_mean},
    OperatorReader{fb::BuiltinOperator_RESHAPE, read_reshape},
    OperatorReader{fb::BuiltinOperator_SOFTMAX, read_softmax},
};

std::string known_operators() {
  std::string names;
  for (const OperatorReader& reader : kReaders) {
    names += (names.empty() ? "" : ", ") + std::string(fb::EnumNameBuiltinOperator(reader.code));
  }
  return names;
}

}  // namespace

void read_operator(GraphBuilder& builder, const OperatorView& op) {
  for (const OperatorReader& reader : kReaders) {
    if (reader.code == op.code) return reader.read(builder, op);
  }
  builder.file.refuse(op.place, "an operator that is not supported",
                      "one of " + known_operators() + "; QUANTIZE and DEQUANTIZE at the borders");
}

void expect_inputs(const FileView& file, const OperatorView& op, std::size_t least,
                   std::size_t most) {
  if (op.num_inputs() < least || op.num_inputs() > most) {
    file.refuse(op.place, fmt::format("{} inputs", op.num_inputs()),
                least == most ? std::to_string(least) : fmt::format("{} to {}", least, most));
  }
}

}  // namespace deepaxe::frontend::tflite
