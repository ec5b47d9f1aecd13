// ForeignFile: .tflite files as other converters write them, for what our own writer never writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "subset_generated.h"

namespace deepaxe::frontend::tflite {

/// Tensors and operators in the order they are added; each add_... returns the tensor's index.
class ForeignFile {
 public:
  ForeignFile() { buffers_.push_back(fb::CreateBuffer(builder_)); }

  int add_activation(fb::TensorType type, const std::vector<int>& dims, float scale = 0,
                     std::int64_t zero_point = 0) {
    return add_tensor(type, dims, 0, scale, zero_point);
  }

  template <typename T>
  int add_constant(fb::TensorType type, const std::vector<int>& dims, const std::vector<T>& values,
                   float scale = 0) {
    const std::size_t size = values.size() * sizeof(T);
    builder_.ForceVectorAlignment(size, 1, 16);
    const auto data =
        builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(values.data()), size);
    buffers_.push_back(fb::CreateBuffer(builder_, data));
    return add_tensor(type, dims, static_cast<std::uint32_t>(buffers_.size() - 1), scale, 0);
  }
  int add_integers(const std::vector<int>& dims, const std::vector<std::int32_t>& values) {
    return add_constant(fb::TensorType_INT32, dims, values);
  }

  void add_operator(fb::BuiltinOperator code, const std::vector<int>& inputs, int output,
                    fb::BuiltinOptions options_type = fb::BuiltinOptions_NONE,
                    flatbuffers::Offset<void> options = 0) {
    opcodes_.push_back(
        fb::CreateOperatorCode(builder_, static_cast<std::int8_t>(code), 0, 1, code));
    const auto stored_inputs = builder_.CreateVector(inputs);
    const auto outputs = builder_.CreateVector(std::vector<int>{output});
    operators_.push_back(fb::CreateOperator(builder_,
                                            static_cast<std::uint32_t>(opcodes_.size() - 1),
                                            stored_inputs, outputs, options_type, options));
  }

  flatbuffers::FlatBufferBuilder& builder() { return builder_; }

  std::vector<std::byte> finish(int input, int output) {
    const auto tensors = builder_.CreateVector(tensors_);
    const auto inputs = builder_.CreateVector(std::vector<int>{input});
    const auto outputs = builder_.CreateVector(std::vector<int>{output});
    const auto operators = builder_.CreateVector(operators_);
    const auto name = builder_.CreateString("main");
    const std::vector graphs{
        fb::CreateSubGraph(builder_, tensors, inputs, outputs, operators, name)};
    const auto opcodes = builder_.CreateVector(opcodes_);
    const auto subgraphs = builder_.CreateVector(graphs);
    const auto description = builder_.CreateString("another converter");
    const auto buffers = builder_.CreateVector(buffers_);
    fb::FinishModelBuffer(builder_,
                          fb::CreateModel(builder_, 3, opcodes, subgraphs, description, buffers));
    const auto* bytes = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
    return {bytes, bytes + builder_.GetSize()};
  }

 private:
  int add_tensor(fb::TensorType type, const std::vector<int>& dims, std::uint32_t buffer,
                 float scale, std::int64_t zero_point) {
    flatbuffers::Offset<fb::Quantization> quantization = 0;
    if (scale != 0) {
      const auto scales = builder_.CreateVector(std::vector<float>{scale});
      const auto zero_points = builder_.CreateVector(std::vector<std::int64_t>{zero_point});
      quantization = fb::CreateQuantization(builder_, 0, 0, scales, zero_points);
    }
    const auto shape = builder_.CreateVector(dims);
    const auto name = builder_.CreateString("tensor_" + std::to_string(tensors_.size()));
    tensors_.push_back(fb::CreateTensor(builder_, shape, type, buffer, name, quantization));
    return static_cast<int>(tensors_.size()) - 1;
  }

  flatbuffers::FlatBufferBuilder builder_;
  std::vector<flatbuffers::Offset<fb::Buffer>> buffers_;
  std::vector<flatbuffers::Offset<fb::Tensor>> tensors_;
  std::vector<flatbuffers::Offset<fb::Operator>> operators_;
  std::vector<flatbuffers::Offset<fb::OperatorCode>> opcodes_;
};

}  // namespace deepaxe::frontend::tflite
