// What the readers of single operators share, and the table that finds them.
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
void set_activation(const GraphBuilder& builder, const OperatorView& op, DraftNode& node,
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
    case fb::FusedActivation_RELU_N1_TO_1:
      if (builder.is_float) break;
      node.clamp_low = code(-1);  // Told by its bounds alone.
      node.clamp_high = code(1);
      return;
    default:
      break;
  }
  builder.file.refuse(
      op.place, std::string("fused activation ") + fb::EnumNameFusedActivation(activation),
      builder.is_float ? "NONE, RELU or RELU6" : "NONE, RELU, RELU6 or RELU_N1_TO_1");
}

// The engine asks for factors below 2^30; no sound network comes near.
void expect_factor(const GraphBuilder& builder, const OperatorView& op, double factor) {
  if (!(factor >= 0 && factor < 0x1p29)) {
    builder.file.refuse(op.place, fmt::format("requantization factor {}", factor),
                        "a factor below 2^29");
  }
}

void expect_equal_quantization(const GraphBuilder& builder, const OperatorView& op,
                               const DraftNode& node) {
  for (const int input : node.inputs) {
    const quant::QuantParams& found = builder.node(input).quant;
    if (found != node.quant) {
      builder.file.refuse(
          op.place, fmt::format("input scale {}, zero point {}", found.scale, found.zero_point),
          fmt::format("as the output: {}, {}", node.quant.scale, node.quant.zero_point));
    }
  }
}

void add_code_keeping_node(GraphBuilder& builder, const OperatorView& op, model::Op made,
                           std::vector<int> inputs) {
  const int tensor = builder.file.only_output(op);
  DraftNode node = builder.make_node(tensor, std::move(made), std::move(inputs));
  expect_equal_quantization(builder, op, node);
  builder.add_node(std::move(node), tensor);
}

namespace {

struct OperatorReader {
  fb::BuiltinOperator code;
  void (*read)(GraphBuilder&, const OperatorView&);
};

constexpr std::array kReaders{
    OperatorReader{fb::BuiltinOperator_CONV_2D, read_conv2d},
    OperatorReader{fb::BuiltinOperator_DEPTHWISE_CONV_2D, read_depthwise},
    OperatorReader{fb::BuiltinOperator_FULLY_CONNECTED, read_dense},
    OperatorReader{fb::BuiltinOperator_SPACE_TO_BATCH_ND, read_space_to_batch},
    OperatorReader{fb::BuiltinOperator_BATCH_TO_SPACE_ND, read_batch_to_space},
    OperatorReader{fb::BuiltinOperator_MAX_POOL_2D, read_pool},
    OperatorReader{fb::BuiltinOperator_AVERAGE_POOL_2D, read_pool},
    OperatorReader{fb::BuiltinOperator_MEAN, read_reduction},
    OperatorReader{fb::BuiltinOperator_REDUCE_MAX, read_reduction},
    OperatorReader{fb::BuiltinOperator_ADD, read_arithmetic},
    OperatorReader{fb::BuiltinOperator_SUB, read_arithmetic},
    OperatorReader{fb::BuiltinOperator_MUL, read_arithmetic},
    OperatorReader{fb::BuiltinOperator_PRELU, read_prelu},
    OperatorReader{fb::BuiltinOperator_RELU, read_rectifier},
    OperatorReader{fb::BuiltinOperator_RELU6, read_rectifier},
    OperatorReader{fb::BuiltinOperator_RELU_N1_TO_1, read_rectifier},
    OperatorReader{fb::BuiltinOperator_LEAKY_RELU, read_pointwise},
    OperatorReader{fb::BuiltinOperator_TANH, read_pointwise},
    OperatorReader{fb::BuiltinOperator_LOGISTIC, read_pointwise},
    OperatorReader{fb::BuiltinOperator_HARD_SWISH, read_pointwise},
    OperatorReader{fb::BuiltinOperator_QUANTIZE, read_quantize},
    OperatorReader{fb::BuiltinOperator_SOFTMAX, read_softmax},
    OperatorReader{fb::BuiltinOperator_CONCATENATION, read_concatenation},
    OperatorReader{fb::BuiltinOperator_PAD, read_pad},
    OperatorReader{fb::BuiltinOperator_PADV2, read_pad},
    OperatorReader{fb::BuiltinOperator_SLICE, read_slice},
    OperatorReader{fb::BuiltinOperator_STRIDED_SLICE, read_strided_slice},
    OperatorReader{fb::BuiltinOperator_TRANSPOSE, read_transpose},
    OperatorReader{fb::BuiltinOperator_RESHAPE, read_reshape},
    OperatorReader{fb::BuiltinOperator_SQUEEZE, read_reshape},
    OperatorReader{fb::BuiltinOperator_EXPAND_DIMS, read_reshape},
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
                      "one of " + known_operators() + "; DEQUANTIZE at the borders");
}

void expect_inputs(const FileView& file, const OperatorView& op, std::size_t least,
                   std::size_t most) {
  if (op.num_inputs() < least || op.num_inputs() > most) {
    file.refuse(op.place, fmt::format("{} inputs", op.num_inputs()),
                least == most ? std::to_string(least) : fmt::format("{} to {}", least, most));
  }
}

}  // namespace deepaxe::frontend::tflite
