// Convolution, depthwise convolution and FULLY_CONNECTED: the operators with weights.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

struct Weights {
  std::vector<int> dims;
  std::vector<std::int8_t> values;  // Of int8 networks...
  std::vector<float> scales;
  std::vector<float> floats;  // ...and of float ones.
};

Weights read_weights(GraphBuilder& builder, const OperatorView& op, std::size_t rank,
                     int channel_axis) {
  const FileView& file = builder.file;
  const int tensor = op.input(1);
  file.tensor(tensor, op.place + " weights");
  Weights weights{.dims = file.dims(tensor), .values = {}, .scales = {}, .floats = {}};
  if (weights.dims.size() != rank) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} axes", weights.dims.size()),
                std::to_string(rank));
  }
  if (builder.is_float) {
    weights.floats = float_values(builder, op, 1, channel_axis);
  } else {
    weights.values = code_values(builder, op, 1);
    weights.scales = symmetric_scales(builder, tensor, channel_axis);
  }
  // Of scales and biases: as many as channels, of which there are not more than weights by now.
  const auto channels =
      static_cast<std::size_t>(weights.dims[static_cast<std::size_t>(channel_axis)]);
  builder.take_room(op, channels * (sizeof(float) + sizeof(std::int32_t)));
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

// Everything that comes from the weights' side; `channels` outputs.
void set_weights(GraphBuilder& builder, const OperatorView& op, DraftNode& node, Weights weights,
                 int channels, fb::FusedActivation activation) {
  set_activation(builder, op, node, activation);
  if (builder.is_float) {
    node.float_weights = std::move(weights.floats);
    if (op.input(2) != -1) node.float_bias = float_values(builder, op, 2);
    return;
  }
  const double input_scale = builder.node(node.inputs[0]).quant.scale;
  for (const float scale : weights.scales) {
    expect_factor(builder, op, input_scale * double{scale} / double{node.quant.scale});
  }
  node.weights = std::move(weights.values);
  node.weight_scales = std::move(weights.scales);
  node.bias = read_bias(builder, op, channels);
  const bool dense = std::holds_alternative<model::Dense>(node.op);
  node.rounding = dense ? quant::Rounding::kSingle : quant::Rounding::kDouble;
}

// The convolution of an operator, on its way through SPACE_TO_BATCH_ND or not.
void finish_convolution(GraphBuilder& builder, const OperatorView& op, model::Op made,
                        Weights weights, int channels, fb::FusedActivation activation) {
  const int tensor = builder.file.only_output(op);
  const auto spread = builder.spreads.find(op.input(0));
  if (spread == builder.spreads.end()) {
    DraftNode node = builder.make_node(tensor, std::move(made), {builder.input_node(op, 0)});
    set_weights(builder, op, node, std::move(weights), channels, activation);
    builder.add_node(std::move(node), tensor);
    return;
  }
  DraftNode node = builder.make_shapeless_node(tensor, std::move(made), {spread->second.node});
  set_weights(builder, op, node, std::move(weights), channels, activation);
  builder.spread_convolutions.insert_or_assign(tensor, std::move(node));
}

// What a convolution reads: an image, or one that SPACE_TO_BATCH_ND has spread over a batch.
struct ConvolutionInput {
  model::Shape shape;
  const Spread* spread = nullptr;
};

ConvolutionInput convolution_input(const GraphBuilder& builder, const OperatorView& op) {
  const auto spread = builder.spreads.find(op.input(0));
  if (spread != builder.spreads.end()) {
    return {builder.node(spread->second.node).shape, &spread->second};
  }
  return {image_input(builder, op, builder.input_node(op, 0)), nullptr};
}

// Over a spread image the convolution is dilated by the block, and padded as SPACE_TO_BATCH_ND was.
model::Window convolution_window(const GraphBuilder& builder, const OperatorView& op,
                                 const std::array<int, 6>& sizes, fb::Padding padding,
                                 const ConvolutionInput& input) {
  model::Window window = make_window(builder, op, sizes, padding, input.shape);
  if (input.spread == nullptr) return window;
  const bool is_plain = padding == fb::Padding_VALID && sizes[2] == 1 && sizes[3] == 1 &&
                        sizes[4] == 1 && sizes[5] == 1;
  if (!is_plain) {
    builder.file.refuse(op.place, "stride, dilation or padding behind SPACE_TO_BATCH_ND",
                        "stride 1, no dilation, VALID");
  }
  window.dilation_h = input.spread->block_h;
  window.dilation_w = input.spread->block_w;
  window.pad_top = input.spread->padding.pad_top;
  window.pad_bottom = input.spread->padding.pad_bottom;
  window.pad_left = input.spread->padding.pad_left;
  window.pad_right = input.spread->padding.pad_right;
  return window;
}

}  // namespace

void read_conv2d(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_Conv2DOptions());
  const ConvolutionInput input = convolution_input(builder, op);
  Weights weights = read_weights(builder, op, 4, 0);
  if (input.shape[2] % weights.dims[3] != 0) {
    builder.file.refuse(op.place, fmt::format("kernels of {} channels", weights.dims[3]),
                        fmt::format("a divisor of the {} input channels", input.shape[2]));
  }
  const model::Conv2d conv{
      .window = convolution_window(builder, op,
                                   {weights.dims[1], weights.dims[2], options.stride_h(),
                                    options.stride_w(), options.dilation_h(), options.dilation_w()},
                                   options.padding(), input),
      .groups = input.shape[2] / weights.dims[3]};
  const int channels = weights.dims[0];
  finish_convolution(builder, op, conv, std::move(weights), channels, options.fused_activation());
}

void read_depthwise(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_DepthwiseConv2DOptions());
  const ConvolutionInput input = convolution_input(builder, op);
  Weights weights = read_weights(builder, op, 4, 3);
  if (weights.dims[0] != 1 || weights.dims[3] % input.shape[2] != 0) {
    builder.file.refuse(op.place, "weights of shape [" + model::to_string(weights.dims) + "]",
                        fmt::format("1 x height x width x a multiple of {}", input.shape[2]));
  }
  const model::DepthwiseConv2d depthwise{
      .window = convolution_window(builder, op,
                                   {weights.dims[1], weights.dims[2], options.stride_h(),
                                    options.stride_w(), options.dilation_h(), options.dilation_w()},
                                   options.padding(), input),
      .depth_multiplier = weights.dims[3] / input.shape[2]};
  const int channels = weights.dims[3];
  finish_convolution(builder, op, depthwise, std::move(weights), channels,
                     options.fused_activation());
}

// Reads an image as a vector where the weights ask for one: here that is a Reshape of its own.
void read_dense(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 3);
  const auto& options = require(builder, op, op.table->builtin_options_as_FullyConnectedOptions());
  if (options.weights_format() != 0) {
    builder.file.refuse(op.place, "shuffled weights", "plain weights");
  }
  int input = builder.input_node(op, 0);
  Weights weights = read_weights(builder, op, 2, 0);
  const model::Shape& shape = builder.node(input).shape;
  const bool is_image = !options.keep_num_dims() && shape.size() > 1;
  if (is_image && model::num_elements(shape) == static_cast<std::size_t>(weights.dims[1])) {
    input = builder.add_helper("flatten", model::Reshape{}, input, {weights.dims[1]});
  }
  const int tensor = builder.file.only_output(op);
  const int channels = weights.dims[0];
  DraftNode node = builder.make_node(tensor, model::Dense{}, {input});
  set_weights(builder, op, node, std::move(weights), channels, options.fused_activation());
  builder.add_node(std::move(node), tensor);
}

}  // namespace deepaxe::frontend::tflite
