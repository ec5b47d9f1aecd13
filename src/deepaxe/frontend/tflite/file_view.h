// FileView: the tables of one verified .tflite file, every index and size checked on access.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/model/shape.h"
#include "deepaxe/quant/params.h"
#include "subset_generated.h"

namespace deepaxe::frontend::tflite {

/// One operator and how messages call it: "operator 3 CONV_2D".
struct OperatorView {
  const fb::Operator* table = nullptr;
  fb::BuiltinOperator code = fb::BuiltinOperator_ADD;
  std::string place;

  /// Tensor index of an input; -1 if it is absent or there are not so many.
  int input(std::size_t position) const noexcept;
  std::size_t num_inputs() const noexcept;
};

/// Keeps a view on the bytes of the caller, which must be aligned to 16.
class FileView {
 public:
  /// Throws InputError unless the bytes are a well-formed file with one network.
  FileView(std::span<const std::byte> bytes, std::string name);

  const std::string& name() const noexcept { return name_; }
  std::size_t num_bytes() const noexcept { return num_bytes_; }
  const fb::Model& model() const noexcept { return *model_; }
  const fb::SubGraph& graph() const noexcept { return *graph_; }
  std::size_t num_operators() const noexcept;
  OperatorView operator_at(std::size_t index) const;
  /// The one output tensor of an operator.
  int only_output(const OperatorView& op) const;
  /// The one tensor in a list of the network's inputs or outputs.
  int only_tensor(const flatbuffers::Vector<std::int32_t>* list, const std::string& place) const;

  const fb::Tensor& tensor(int index, const std::string& place) const;
  std::string tensor_name(int index) const;
  /// All sizes, batch included; each at least 1, their product below 2^28.
  std::vector<int> dims(int tensor) const;
  /// Sizes without the batch, which must be 1; other sizes must not be dynamic.
  model::Shape image_shape(int tensor) const;
  bool has_type(int tensor, fb::TensorType type) const;
  void expect_type(int tensor, fb::TensorType type) const;
  /// The quantization of a tensor that has one scale, in the codes of its own type.
  quant::QuantParams quant_params(int tensor) const;
  /// Constant data; empty if the tensor is computed.
  std::span<const std::uint8_t> data(int tensor) const;

  [[noreturn]] void refuse(std::string place, std::string found, std::string expected) const;
  std::string tensor_place(int tensor) const;

 private:
  const fb::Quantization& quantization(int tensor) const;

  std::string name_;
  std::size_t num_bytes_;
  const fb::Model* model_ = nullptr;
  const fb::SubGraph* graph_ = nullptr;
};

}  // namespace deepaxe::frontend::tflite
