// Convolution, depthwise convolution and FULLY_CONNECTED: the operators with weights.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "deepaxe/frontend/tflite/names.h"
#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

// Of all layers: a damaged file must not read one large buffer thousands of times.
constexpr std::size_t kMaxWeightBytes = std::size_t{1} << 31;

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
  std::vector<float> scales(found->scale()->begin(), found->scale()->end());
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

void finish_computing(GraphBuilder& builder, const OperatorView& op, model::Int8Node node,
                      Weights weights, fb::FusedActivation activation) {
  builder.weight_bytes += weights.values.size();
  if (builder.weight_bytes > kMaxWeightBytes) {
    builder.file.refuse(op.place, "more than 2 GiB of weights", "less");
  }
  const double input_scale = builder.node(node.inputs[0]).quant.scale;
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

}  // namespace

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

}  // namespace deepaxe::frontend::tflite
