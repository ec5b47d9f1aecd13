// One overload for each op that a TFLite operator expresses.
#include "deepaxe/frontend/tflite/operator_form.h"

#include <fmt/format.h>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::tflite {
namespace {

class FormMaker {
 public:
  FormMaker(const model::Int8Model& model, flatbuffers::FlatBufferBuilder& builder)
      : model_(model), builder_(builder) {}

  OperatorForm form(const model::Int8Node& node, const model::Conv2d& op);
  OperatorForm form(const model::Int8Node& node, const model::DepthwiseConv2d& op);
  OperatorForm form(const model::Int8Node& node, const model::Dense& op);
  OperatorForm form(const model::Int8Node& node, const model::Pool& op);
  OperatorForm form(const model::Int8Node& node, const model::GlobalPool& op);
  OperatorForm form(const model::Int8Node& node, const model::Reshape& op);
  OperatorForm form(const model::Int8Node& node, const model::Permute& op);
  OperatorForm form(const model::Int8Node& node, const model::Activate& op);
  OperatorForm form(const model::Int8Node& node, const model::Prelu& op);
  OperatorForm form(const model::Int8Node& node, const model::Softmax& op);
  OperatorForm form(const model::Int8Node& node, const model::Pad& op);
  OperatorForm form(const model::Int8Node& node, const model::Slice& op);
  OperatorForm form(const model::Int8Node& node, const model::Arithmetic& op);
  OperatorForm form(const model::Int8Node& node, const model::Concatenate& op);
  template <typename Other>
  OperatorForm form(const model::Int8Node& node, const Other& op) {
    refuse(node, std::string(model::op_name(op)));
  }

 private:
  const model::Int8Node& input_of(const model::Int8Node& node) const {
    return model_.nodes[static_cast<std::size_t>(node.inputs.at(0))];
  }
  [[noreturn]] void refuse(const model::Int8Node& node, const std::string& found) const {
    throw base::InputError({.file = model_.name,
                            .place = "layer " + node.name,
                            .found = found,
                            .expected = "a layer that TFLite's int8 operators can express"});
  }
  fb::FusedActivation fused_activation(const model::Int8Node& node) const;
  fb::Padding padding(const model::Int8Node& node, const model::Window& window) const;
  OperatorForm leaky_relu(const model::Int8Node& node, const model::Activation& activation);

  const model::Int8Model& model_;
  flatbuffers::FlatBufferBuilder& builder_;
};

fb::FusedActivation FormMaker::fused_activation(const model::Int8Node& node) const {
  const auto code = [&](float real) { return quant::quantize(real, node.quant); };
  const model::Activation& activation = node.activation;
  const bool relu = activation.kind == model::ActivationKind::kRelu &&
                    activation.negative_slope == 0 && activation.threshold == 0;
  const auto clamps_to = [&](int low, int high) {
    return node.clamp_low == low && node.clamp_high == high;
  };
  if (relu && !activation.has_max && clamps_to(code(0), 127)) return fb::FusedActivation_RELU;
  if (relu && activation.has_max && activation.max_value == 6 && clamps_to(code(0), code(6))) {
    return fb::FusedActivation_RELU6;
  }
  if (activation.kind == model::ActivationKind::kNone) {
    if (clamps_to(-128, 127)) return fb::FusedActivation_NONE;
    if (clamps_to(code(-1), code(1))) return fb::FusedActivation_RELU_N1_TO_1;
  }
  refuse(node,
         fmt::format("a fused activation to codes [{}, {}]", node.clamp_low, node.clamp_high));
}

fb::Padding FormMaker::padding(const model::Int8Node& node, const model::Window& window) const {
  model::Window same = window;
  model::set_same_padding(same, input_of(node).shape.at(0), input_of(node).shape.at(1));
  if (window == same) return fb::Padding_SAME;
  same.pad_top = same.pad_bottom = same.pad_left = same.pad_right = 0;
  if (window == same) return fb::Padding_VALID;
  refuse(node, "padding that is neither same nor valid");
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::Conv2d& op) {
  const model::Window& w = op.window;
  const auto options = fb::CreateConv2DOptions(builder_, padding(node, w), w.stride_w, w.stride_h,
                                               fused_activation(node), w.dilation_w, w.dilation_h);
  return {fb::BuiltinOperator_CONV_2D, op.groups > 1 ? 6 : 3, fb::BuiltinOptions_Conv2DOptions,
          options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::DepthwiseConv2d& op) {
  const model::Window& w = op.window;
  const auto options = fb::CreateDepthwiseConv2DOptions(
      builder_, padding(node, w), w.stride_w, w.stride_h, op.depth_multiplier,
      fused_activation(node), w.dilation_w, w.dilation_h);
  return {fb::BuiltinOperator_DEPTHWISE_CONV_2D, 3, fb::BuiltinOptions_DepthwiseConv2DOptions,
          options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::Dense&) {
  const bool keep_num_dims = node.shape.size() > 1;
  const auto options =
      fb::CreateFullyConnectedOptions(builder_, fused_activation(node), 0, keep_num_dims);
  return {fb::BuiltinOperator_FULLY_CONNECTED, keep_num_dims ? 5 : 4,
          fb::BuiltinOptions_FullyConnectedOptions, options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::Pool& op) {
  const model::Window& w = op.window;
  if (w.dilation_h != 1 || w.dilation_w != 1) refuse(node, "a dilated pool");
  const auto options = fb::CreatePool2DOptions(builder_, padding(node, w), w.stride_w, w.stride_h,
                                               w.kernel_w, w.kernel_h, fused_activation(node));
  return {op.kind == model::PoolKind::kMax ? fb::BuiltinOperator_MAX_POOL_2D
                                           : fb::BuiltinOperator_AVERAGE_POOL_2D,
          2, fb::BuiltinOptions_Pool2DOptions, options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::GlobalPool& op) {
  const auto options = fb::CreateReducerOptions(builder_, node.shape.size() == 3);
  return {
      op.kind == model::PoolKind::kMax ? fb::BuiltinOperator_REDUCE_MAX : fb::BuiltinOperator_MEAN,
      2, fb::BuiltinOptions_ReducerOptions, options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Reshape&) {
  return {fb::BuiltinOperator_RESHAPE, 1, fb::BuiltinOptions_NONE, 0};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Softmax&) {
  const auto options = fb::CreateSoftmaxOptions(builder_, 1.0F);
  return {fb::BuiltinOperator_SOFTMAX, 2, fb::BuiltinOptions_SoftmaxOptions, options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Pad& op) {
  if (op.value != 0) return {.code = fb::BuiltinOperator_PADV2, .version = 2};
  return {fb::BuiltinOperator_PAD, 2, fb::BuiltinOptions_PadOptions,
          fb::CreatePadOptions(builder_).Union()};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Slice&) {
  return {fb::BuiltinOperator_STRIDED_SLICE, 2, fb::BuiltinOptions_StridedSliceOptions,
          fb::CreateStridedSliceOptions(builder_).Union()};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Permute&) {
  return {.code = fb::BuiltinOperator_TRANSPOSE, .version = 2};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::Arithmetic& op) {
  if (node.inputs.size() > 2) refuse(node, fmt::format("a sum of {}", node.inputs.size()));
  const fb::FusedActivation activation = fused_activation(node);
  switch (op.kind) {
    case model::ArithmeticKind::kSubtract:
      return {fb::BuiltinOperator_SUB, 2, fb::BuiltinOptions_SubOptions,
              fb::CreateSubOptions(builder_, activation).Union()};
    case model::ArithmeticKind::kMultiply:
      return {fb::BuiltinOperator_MUL, 2, fb::BuiltinOptions_MulOptions,
              fb::CreateMulOptions(builder_, activation).Union()};
    case model::ArithmeticKind::kAdd:
      break;
  }
  return {fb::BuiltinOperator_ADD, 2, fb::BuiltinOptions_AddOptions,
          fb::CreateAddOptions(builder_, activation).Union()};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Prelu&) {
  return {.code = fb::BuiltinOperator_PRELU};
}

OperatorForm FormMaker::form(const model::Int8Node&, const model::Concatenate& op) {
  const auto options = fb::CreateConcatenationOptions(builder_, op.axis + 1);
  return {fb::BuiltinOperator_CONCATENATION, 2, fb::BuiltinOptions_ConcatenationOptions,
          options.Union()};
}

OperatorForm FormMaker::form(const model::Int8Node& node, const model::Activate& op) {
  switch (op.activation.kind) {
    case model::ActivationKind::kTanh:
      return {.code = fb::BuiltinOperator_TANH, .version = 2};
    case model::ActivationKind::kSigmoid:
      return {.code = fb::BuiltinOperator_LOGISTIC, .version = 2};
    case model::ActivationKind::kHardSwish:
      return {.code = fb::BuiltinOperator_HARD_SWISH};
    case model::ActivationKind::kNone:
    case model::ActivationKind::kRelu:
      break;
  }
  if (op.activation.negative_slope != 0) return leaky_relu(node, op.activation);
  model::Int8Node fused = node;  // Told as the fused activation is, by kind and bounds.
  fused.activation = op.activation;
  switch (fused_activation(fused)) {
    case fb::FusedActivation_RELU:
      return {.code = fb::BuiltinOperator_RELU, .version = 2};
    case fb::FusedActivation_RELU6:
      return {.code = fb::BuiltinOperator_RELU6, .version = 2};
    case fb::FusedActivation_RELU_N1_TO_1:
      return {.code = fb::BuiltinOperator_RELU_N1_TO_1};
    default:
      return {.code = fb::BuiltinOperator_QUANTIZE};
  }
}

OperatorForm FormMaker::leaky_relu(const model::Int8Node& node,
                                   const model::Activation& activation) {
  if (activation.has_max || activation.threshold != 0 || node.clamp_low != -128 ||
      node.clamp_high != 127) {
    refuse(node, "a leaky relu with bounds");
  }
  return {fb::BuiltinOperator_LEAKY_RELU, 2, fb::BuiltinOptions_LeakyReluOptions,
          fb::CreateLeakyReluOptions(builder_, activation.negative_slope).Union()};
}

}  // namespace

OperatorForm make_operator_form(const model::Int8Model& model, const model::Int8Node& node,
                                flatbuffers::FlatBufferBuilder& builder) {
  FormMaker maker(model, builder);
  return std::visit([&](const auto& op) { return maker.form(node, op); }, node.op);
}

}  // namespace deepaxe::frontend::tflite
