// Writing a file: one operator for each node, constants before the operator that reads them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/tflite/metadata.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {
namespace {

template <typename T>
using Offset = flatbuffers::Offset<T>;

// The operator of one node, apart from its tensors.
struct OperatorForm {
  fb::BuiltinOperator code = fb::BuiltinOperator_RESHAPE;
  int version = 1;  ///< The first version whose kernel takes int8 with these options.
  fb::BuiltinOptions options_type = fb::BuiltinOptions_NONE;
  Offset<void> options = 0;
};

class Writer {
 public:
  explicit Writer(const model::Int8Model& model) : model_(model) {
    buffers_.push_back(fb::CreateBuffer(builder_));  // Buffer 0 stands for "no data".
  }

  std::vector<std::byte> write();

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

  OperatorForm form(const model::Int8Node& node, const model::Conv2d& op);
  OperatorForm form(const model::Int8Node& node, const model::DepthwiseConv2d& op);
  OperatorForm form(const model::Int8Node& node, const model::Dense& op);
  OperatorForm form(const model::Int8Node& node, const model::Pool& op);
  OperatorForm form(const model::Int8Node& node, const model::GlobalPool& op);
  OperatorForm form(const model::Int8Node& node, const model::Reshape& op);
  OperatorForm form(const model::Int8Node& node, const model::Softmax& op);
  OperatorForm form(const model::Int8Node& node, const model::Pad& op);
  OperatorForm form(const model::Int8Node& node, const model::Add& op);
  OperatorForm form(const model::Int8Node& node, const model::Concatenate& op);
  OperatorForm form(const model::Int8Node& node, const model::Activate& op);
  template <typename Other>
  OperatorForm form(const model::Int8Node& node, const Other& op) {
    refuse(node, std::string(model::op_name(op)));
  }

  std::vector<int> add_constants(const model::Int8Node& node);
  int add_integers(const std::string& name, const std::vector<std::int32_t>& values,
                   const std::vector<int>& dims);
  std::vector<int> weight_dims(const model::Int8Node& node) const;
  int add_weights(const model::Int8Node& node);
  int add_bias(const model::Int8Node& node);
  template <typename T>
  std::uint32_t add_buffer(const std::vector<T>& values);
  int add_tensor(const std::string& name, const std::vector<int>& dims, fb::TensorType type,
                 std::uint32_t buffer, Offset<fb::Quantization> quantization);
  Offset<fb::Quantization> quantization(const std::vector<float>& scales, std::int64_t zero_point,
                                        int axis);
  void add_operator(const model::Int8Node& node);
  std::uint32_t opcode_index(const OperatorForm& form);
  std::vector<Offset<fb::Metadata>> add_metadata();

  const model::Int8Model& model_;
  flatbuffers::FlatBufferBuilder builder_;
  std::vector<Offset<fb::Buffer>> buffers_;
  std::vector<Offset<fb::Tensor>> tensors_;
  std::vector<Offset<fb::Operator>> operators_;
  std::vector<Offset<fb::OperatorCode>> opcodes_;
  std::map<std::pair<int, int>, std::uint32_t> opcode_of_;  // (code, version) to its index.
  std::vector<int> tensor_of_node_;
};

fb::FusedActivation Writer::fused_activation(const model::Int8Node& node) const {
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

fb::Padding Writer::padding(const model::Int8Node& node, const model::Window& window) const {
  model::Window same = window;
  model::set_same_padding(same, input_of(node).shape.at(0), input_of(node).shape.at(1));
  if (window == same) return fb::Padding_SAME;
  same.pad_top = same.pad_bottom = same.pad_left = same.pad_right = 0;
  if (window == same) return fb::Padding_VALID;
  refuse(node, "padding that is neither same nor valid");
}

OperatorForm Writer::form(const model::Int8Node& node, const model::Conv2d& op) {
  const model::Window& w = op.window;
  const auto options = fb::CreateConv2DOptions(builder_, padding(node, w), w.stride_w, w.stride_h,
                                               fused_activation(node), w.dilation_w, w.dilation_h);
  return {fb::BuiltinOperator_CONV_2D, op.groups > 1 ? 6 : 3, fb::BuiltinOptions_Conv2DOptions,
          options.Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::DepthwiseConv2d& op) {
  const model::Window& w = op.window;
  const auto options = fb::CreateDepthwiseConv2DOptions(
      builder_, padding(node, w), w.stride_w, w.stride_h, op.depth_multiplier,
      fused_activation(node), w.dilation_w, w.dilation_h);
  return {fb::BuiltinOperator_DEPTHWISE_CONV_2D, 3, fb::BuiltinOptions_DepthwiseConv2DOptions,
          options.Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::Dense&) {
  const bool keep_num_dims = node.shape.size() > 1;
  const auto options =
      fb::CreateFullyConnectedOptions(builder_, fused_activation(node), 0, keep_num_dims);
  return {fb::BuiltinOperator_FULLY_CONNECTED, keep_num_dims ? 5 : 4,
          fb::BuiltinOptions_FullyConnectedOptions, options.Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::Pool& op) {
  const model::Window& w = op.window;
  if (w.dilation_h != 1 || w.dilation_w != 1) refuse(node, "a dilated pool");
  const auto options = fb::CreatePool2DOptions(builder_, padding(node, w), w.stride_w, w.stride_h,
                                               w.kernel_w, w.kernel_h, fused_activation(node));
  return {op.kind == model::PoolKind::kMax ? fb::BuiltinOperator_MAX_POOL_2D
                                           : fb::BuiltinOperator_AVERAGE_POOL_2D,
          2, fb::BuiltinOptions_Pool2DOptions, options.Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::GlobalPool& op) {
  if (op.kind != model::PoolKind::kAverage) refuse(node, "a global maximum");
  const auto options = fb::CreateReducerOptions(builder_, node.shape.size() == 3);
  return {fb::BuiltinOperator_MEAN, 2, fb::BuiltinOptions_ReducerOptions, options.Union()};
}

OperatorForm Writer::form(const model::Int8Node&, const model::Reshape&) {
  return {fb::BuiltinOperator_RESHAPE, 1, fb::BuiltinOptions_NONE, 0};
}

OperatorForm Writer::form(const model::Int8Node&, const model::Softmax&) {
  const auto options = fb::CreateSoftmaxOptions(builder_, 1.0F);
  return {fb::BuiltinOperator_SOFTMAX, 2, fb::BuiltinOptions_SoftmaxOptions, options.Union()};
}

OperatorForm Writer::form(const model::Int8Node&, const model::Pad&) {
  return {fb::BuiltinOperator_PAD, 2, fb::BuiltinOptions_PadOptions,
          fb::CreatePadOptions(builder_).Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::Add&) {
  if (node.inputs.size() != 2) refuse(node, fmt::format("a sum of {}", node.inputs.size()));
  const auto options = fb::CreateAddOptions(builder_, fused_activation(node));
  return {fb::BuiltinOperator_ADD, 2, fb::BuiltinOptions_AddOptions, options.Union()};
}

OperatorForm Writer::form(const model::Int8Node&, const model::Concatenate& op) {
  const auto options = fb::CreateConcatenationOptions(builder_, op.axis + 1);
  return {fb::BuiltinOperator_CONCATENATION, 2, fb::BuiltinOptions_ConcatenationOptions,
          options.Union()};
}

OperatorForm Writer::form(const model::Int8Node& node, const model::Activate&) {
  const fb::FusedActivation activation = fused_activation(node);
  if (activation == fb::FusedActivation_RELU)
    return {.code = fb::BuiltinOperator_RELU, .version = 2};
  if (activation == fb::FusedActivation_RELU6)
    return {.code = fb::BuiltinOperator_RELU6, .version = 2};
  refuse(node, "an activation that is neither relu nor relu6");
}

std::vector<int> with_batch(const model::Shape& shape) {
  std::vector<int> dims{1};
  dims.insert(dims.end(), shape.begin(), shape.end());
  return dims;
}

template <typename T>
std::uint32_t Writer::add_buffer(const std::vector<T>& values) {
  const std::size_t size = values.size() * sizeof(T);
  builder_.ForceVectorAlignment(size, 1, 16);
  const auto data =
      builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(values.data()), size);
  buffers_.push_back(fb::CreateBuffer(builder_, data));
  return static_cast<std::uint32_t>(buffers_.size() - 1);
}

int Writer::add_tensor(const std::string& name, const std::vector<int>& dims, fb::TensorType type,
                       std::uint32_t buffer, Offset<fb::Quantization> quantization) {
  const auto shape = builder_.CreateVector(dims);
  const auto text = builder_.CreateString(name);
  tensors_.push_back(fb::CreateTensor(builder_, shape, type, buffer, text, quantization));
  return static_cast<int>(tensors_.size() - 1);
}

Offset<fb::Quantization> Writer::quantization(const std::vector<float>& scales,
                                              std::int64_t zero_point, int axis) {
  const auto stored_scales = builder_.CreateVector(scales);
  const auto zero_points =
      builder_.CreateVector(std::vector<std::int64_t>(scales.size(), zero_point));
  return fb::CreateQuantization(builder_, 0, 0, stored_scales, zero_points, 0, axis);
}

std::vector<int> Writer::weight_dims(const model::Int8Node& node) const {
  const int out = model::num_channels(node.shape);
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    return {out, conv->window.kernel_h, conv->window.kernel_w,
            model::num_channels(input_of(node).shape) / conv->groups};
  }
  if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op)) {
    return {1, depthwise->window.kernel_h, depthwise->window.kernel_w, out};
  }
  return {out, model::num_channels(input_of(node).shape)};
}

int Writer::add_weights(const model::Int8Node& node) {
  const bool depthwise = std::holds_alternative<model::DepthwiseConv2d>(node.op);
  const std::uint32_t buffer = add_buffer(node.weights);
  return add_tensor(node.name + "/weights", weight_dims(node), fb::TensorType_INT8, buffer,
                    quantization(node.weight_scales, 0, depthwise ? 3 : 0));
}

int Writer::add_bias(const model::Int8Node& node) {
  std::vector<float> scales = node.weight_scales;
  for (float& scale : scales) scale *= input_of(node).quant.scale;
  const std::uint32_t buffer = add_buffer(node.bias);
  return add_tensor(node.name + "/bias", {static_cast<int>(node.bias.size())}, fb::TensorType_INT32,
                    buffer, quantization(scales, 0, 0));
}

int Writer::add_integers(const std::string& name, const std::vector<std::int32_t>& values,
                         const std::vector<int>& dims) {
  const std::uint32_t buffer = add_buffer(values);
  return add_tensor(name, dims, fb::TensorType_INT32, buffer, 0);
}

// The constant inputs of a node's operator, behind those it reads from other nodes.
std::vector<int> Writer::add_constants(const model::Int8Node& node) {
  if (model::is_computing(node.op)) return {add_weights(node), add_bias(node)};
  if (std::holds_alternative<model::Reshape>(node.op)) {
    const std::vector<int> dims = with_batch(node.shape);
    return {add_integers(node.name + "/shape", dims, {static_cast<int>(dims.size())})};
  }
  if (const auto* pad = std::get_if<model::Pad>(&node.op)) {
    return {add_integers(node.name + "/paddings",
                         {0, 0, pad->top, pad->bottom, pad->left, pad->right, 0, 0}, {4, 2})};
  }
  if (std::holds_alternative<model::GlobalPool>(node.op)) {
    return {add_integers(node.name + "/axes", {1, 2}, {2})};
  }
  return {};
}

std::uint32_t Writer::opcode_index(const OperatorForm& form) {
  const auto [found, is_new] =
      opcode_of_.try_emplace(std::pair(static_cast<int>(form.code), form.version),
                             static_cast<std::uint32_t>(opcodes_.size()));
  if (is_new) {  // Every code of the subset is below 127: both fields can hold it.
    opcodes_.push_back(fb::CreateOperatorCode(builder_, static_cast<std::int8_t>(form.code), 0,
                                              form.version, form.code));
  }
  return found->second;
}

void Writer::add_operator(const model::Int8Node& node) {
  std::vector<int> inputs;
  inputs.reserve(node.inputs.size());
  for (const int input : node.inputs) {
    inputs.push_back(tensor_of_node_[static_cast<std::size_t>(input)]);
  }
  const std::vector<int> constants = add_constants(node);
  inputs.insert(inputs.end(), constants.begin(), constants.end());
  const int output = add_tensor(node.name, with_batch(node.shape), fb::TensorType_INT8, 0,
                                quantization({node.quant.scale}, node.quant.zero_point, 0));
  tensor_of_node_.push_back(output);
  if (std::holds_alternative<model::Input>(node.op)) return;
  const OperatorForm made = std::visit([&](const auto& op) { return form(node, op); }, node.op);
  const std::uint32_t opcode = opcode_index(made);
  const auto stored_inputs = builder_.CreateVector(inputs);
  const auto outputs = builder_.CreateVector(std::vector<int>{output});
  operators_.push_back(fb::CreateOperator(builder_, opcode, stored_inputs, outputs,
                                          made.options_type, made.options));
}

std::vector<Offset<fb::Metadata>> Writer::add_metadata() {
  std::vector<char> roundings;
  bool is_default = true;
  for (const int index : model::computing_nodes(model_)) {
    const model::Int8Node& node = model_.nodes[static_cast<std::size_t>(index)];
    const bool single = node.rounding == quant::Rounding::kSingle;
    is_default = is_default && single == std::holds_alternative<model::Dense>(node.op);
    roundings.push_back(single ? kSingleRounding : kDoubleRounding);
  }
  if (is_default) return {};
  const std::uint32_t buffer = add_buffer(roundings);
  const auto name = builder_.CreateString(kRoundingKey);
  return {fb::CreateMetadata(builder_, name, buffer)};
}

std::vector<std::byte> Writer::write() {
  for (const model::Int8Node& node : model_.nodes) add_operator(node);
  const std::vector<Offset<fb::Metadata>> metadata = add_metadata();
  const int output = tensor_of_node_.at(static_cast<std::size_t>(model_.output));
  const auto tensors = builder_.CreateVector(tensors_);
  const auto inputs = builder_.CreateVector(std::vector<int>{tensor_of_node_.at(0)});
  const auto outputs = builder_.CreateVector(std::vector<int>{output});
  const auto operators = builder_.CreateVector(operators_);
  const auto name = builder_.CreateString(model_.name);
  const std::vector graphs{fb::CreateSubGraph(builder_, tensors, inputs, outputs, operators, name)};
  const auto opcodes = builder_.CreateVector(opcodes_);
  const auto subgraphs = builder_.CreateVector(graphs);
  const auto description = builder_.CreateString(kDescription);
  const auto buffers = builder_.CreateVector(buffers_);
  const auto entries = metadata.empty() ? 0 : builder_.CreateVector(metadata);
  fb::FinishModelBuffer(
      builder_, fb::CreateModel(builder_, 3, opcodes, subgraphs, description, buffers, entries));
  const auto* bytes = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
  return {bytes, bytes + builder_.GetSize()};
}

}  // namespace

std::vector<std::byte> format_tflite(const model::Int8Model& model) {
  model::validate(model, model.name);
  return Writer(model).write();
}

}  // namespace deepaxe::frontend::tflite
