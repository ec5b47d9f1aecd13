// Writing a file: one operator for each node, constants before the operator that reads them.
#include <algorithm>
#include <array>
#include <map>

#include "deepaxe/frontend/tflite/metadata.h"
#include "deepaxe/frontend/tflite/operator_form.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {
namespace {

template <typename T>
using Offset = flatbuffers::Offset<T>;

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

  std::vector<int> add_constants(const model::Int8Node& node);
  int add_integers(const std::string& name, const std::vector<std::int32_t>& values,
                   const std::vector<int>& dims);
  std::vector<int> weight_dims(const model::Int8Node& node) const;
  int add_weights(const model::Int8Node& node);
  int add_bias(const model::Int8Node& node);
  std::vector<int> add_pad_constants(const model::Int8Node& node, const model::Pad& op);
  std::vector<int> add_slice_constants(const model::Int8Node& node, const model::Slice& op);
  int add_operand(const model::Int8Node& node);
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

// `batch` for the batch, then one value for each axis.
std::vector<std::int32_t> by_axis(int batch, const std::vector<int>& values) {
  std::vector<std::int32_t> all{batch};
  all.insert(all.end(), values.begin(), values.end());
  return all;
}

std::vector<int> Writer::add_pad_constants(const model::Int8Node& node, const model::Pad& op) {
  const int rank = static_cast<int>(op.before.size()) + 1;
  std::vector<std::int32_t> paddings{0, 0};
  for (std::size_t axis = 0; axis < op.before.size(); ++axis) {
    paddings.insert(paddings.end(), {op.before[axis], op.after[axis]});
  }
  std::vector<int> tensors{add_integers(node.name + "/paddings", paddings, {rank, 2})};
  if (op.value != 0) {
    const std::vector code{quant::quantize(op.value, node.quant)};
    const std::uint32_t buffer = add_buffer(code);
    tensors.push_back(add_tensor(node.name + "/value", {1}, fb::TensorType_INT8, buffer,
                                 quantization({node.quant.scale}, node.quant.zero_point, 0)));
  }
  return tensors;
}

std::vector<int> Writer::add_slice_constants(const model::Int8Node& node, const model::Slice& op) {
  std::vector<int> end;
  for (std::size_t axis = 0; axis < op.begin.size(); ++axis) {
    end.push_back(op.begin[axis] + (op.size[axis] - 1) * op.stride[axis] + 1);
  }
  const std::vector<int> dims{static_cast<int>(end.size()) + 1};
  return {add_integers(node.name + "/begin", by_axis(0, op.begin), dims),
          add_integers(node.name + "/end", by_axis(1, end), dims),
          add_integers(node.name + "/strides", by_axis(1, op.stride), dims)};
}

// The constant operand of Arithmetic, or the slopes of Prelu.
int Writer::add_operand(const model::Int8Node& node) {
  const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op);
  std::vector<int> dims{static_cast<int>(node.weights.size())};
  if (arithmetic != nullptr) {
    dims = arithmetic->constant_shape;
  } else if (node.weights.size() == model::num_elements(node.shape)) {
    dims = node.shape;
  }
  const std::uint32_t buffer = add_buffer(node.weights);
  const quant::QuantParams& quant = node.constant_quant;
  return add_tensor(node.name + (arithmetic != nullptr ? "/constant" : "/slopes"), dims,
                    fb::TensorType_INT8, buffer, quantization({quant.scale}, quant.zero_point, 0));
}

// The constant inputs of a node's operator.
std::vector<int> Writer::add_constants(const model::Int8Node& node) {
  if (model::is_computing(node.op)) return {add_weights(node), add_bias(node)};
  if (!node.weights.empty()) return {add_operand(node)};
  if (const auto* pad = std::get_if<model::Pad>(&node.op)) return add_pad_constants(node, *pad);
  if (const auto* slice = std::get_if<model::Slice>(&node.op)) {
    return add_slice_constants(node, *slice);
  }
  if (std::holds_alternative<model::Reshape>(node.op)) {
    const std::vector<int> dims = with_batch(node.shape);
    return {add_integers(node.name + "/shape", dims, {static_cast<int>(dims.size())})};
  }
  if (const auto* permute = std::get_if<model::Permute>(&node.op)) {
    std::vector<int> order = by_axis(-1, permute->axes);
    for (int& axis : order) ++axis;
    return {add_integers(node.name + "/order", order, {static_cast<int>(order.size())})};
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
  const auto* arithmetic = std::get_if<model::Arithmetic>(&node.op);
  const bool is_first =
      arithmetic != nullptr && arithmetic->constant == model::ConstantOperand::kFirst;
  inputs.insert(is_first ? inputs.begin() : inputs.end(), constants.begin(), constants.end());
  const int output = add_tensor(node.name, with_batch(node.shape), fb::TensorType_INT8, 0,
                                quantization({node.quant.scale}, node.quant.zero_point, 0));
  tensor_of_node_.push_back(output);
  if (std::holds_alternative<model::Input>(node.op)) return;
  const OperatorForm made = make_operator_form(model_, node, builder_);
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
