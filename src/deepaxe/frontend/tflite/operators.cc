// One function for each operator that computes on int8 tensors and has no weights.
#include "deepaxe/frontend/tflite/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deepaxe::frontend::tflite {

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

// The engine asks for factors below 2^30; no sound network comes near.
void expect_factor(const GraphBuilder& builder, const OperatorView& op, double factor) {
  if (!(factor >= 0 && factor < 0x1p29)) {
    builder.file.refuse(op.place, fmt::format("requantization factor {}", factor),
                        "a factor below 2^29");
  }
}

namespace {

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
