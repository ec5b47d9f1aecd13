#include "deepaxe/frontend/tflite/file_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/tflite/tflite.h"

namespace deepaxe::frontend::tflite {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;  // Of one tensor of one image.
// Tables of a damaged file may share vectors and names, so few bytes can stand for many long ones.
constexpr std::size_t kMaxAxes = 8;
constexpr std::size_t kMaxInputs = 512;  // Of one operator.
constexpr std::size_t kMaxNameLength = 1024;

const std::uint8_t* as_uint8(std::span<const std::byte> bytes) noexcept {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

std::string type_name(fb::TensorType type) {
  const std::string name = fb::EnumNameTensorType(type);
  return name.empty() ? fmt::format("type {}", static_cast<int>(type)) : name;
}

std::string operator_name(std::int32_t code) {
  const std::string name = fb::EnumNameBuiltinOperator(static_cast<fb::BuiltinOperator>(code));
  return name.empty() ? fmt::format("code {}", code) : name;
}

// FlatBuffers' verifier looks at the alignment of a vector's length, not of its elements.
bool has_misaligned_zero_points(const fb::Tensor& tensor) noexcept {
  const auto* quantization = tensor.quantization();
  if (quantization == nullptr || quantization->zero_point() == nullptr) return false;
  const auto address = reinterpret_cast<std::uintptr_t>(quantization->zero_point()->Data());
  return address % alignof(std::int64_t) != 0;
}

template <typename Vector>
std::size_t size_of(const Vector* vector) noexcept {
  return vector == nullptr ? 0 : vector->size();
}

}  // namespace

bool looks_like_tflite(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= 8 && flatbuffers::BufferHasIdentifier(bytes.data(), fb::ModelIdentifier());
}

int OperatorView::input(std::size_t position) const noexcept {
  if (position >= num_inputs()) return -1;
  return table->inputs()->Get(static_cast<flatbuffers::uoffset_t>(position));
}

std::size_t OperatorView::num_inputs() const noexcept { return size_of(table->inputs()); }

FileView::FileView(std::span<const std::byte> bytes, std::string name)
    : name_(std::move(name)), num_bytes_(bytes.size()) {
  if (!looks_like_tflite(bytes)) {
    refuse("byte 4", "no identifier TFL3", "a TensorFlow Lite file");
  }
  if (bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) {
    refuse("size", fmt::format("{} bytes", bytes.size()), "less than 2 GiB");
  }
  // Bounds of the verifier: deeper or larger files are not made by any converter.
  flatbuffers::Verifier verifier(as_uint8(bytes), bytes.size(), 64, 1'000'000);
  if (!fb::VerifyModelBuffer(verifier)) {
    refuse("content", "a damaged or truncated file", "a well-formed TensorFlow Lite file");
  }
  model_ = fb::GetModel(bytes.data());
  if (model_->version() != 3) {
    refuse("version", std::to_string(model_->version()), "3");
  }
  if (size_of(model_->subgraphs()) != 1) {
    refuse("subgraphs", std::to_string(size_of(model_->subgraphs())), "1");
  }
  graph_ = model_->subgraphs()->Get(0);
}

std::size_t FileView::num_operators() const noexcept { return size_of(graph_->operators()); }

OperatorView FileView::operator_at(std::size_t index) const {
  const auto* table = graph_->operators()->Get(static_cast<flatbuffers::uoffset_t>(index));
  if (table->opcode_index() >= size_of(model_->operator_codes())) {
    refuse(fmt::format("operator {}", index), fmt::format("code {}", table->opcode_index()),
           fmt::format("below {}", size_of(model_->operator_codes())));
  }
  const auto* code = model_->operator_codes()->Get(table->opcode_index());
  const std::int32_t number = std::max(static_cast<std::int32_t>(code->builtin_code()),
                                       std::int32_t{code->deprecated_builtin_code()});
  std::string title = operator_name(number);
  if (number == fb::BuiltinOperator_CUSTOM && code->custom_code() != nullptr) {
    title += " " + code->custom_code()->str().substr(0, kMaxNameLength);
  }
  OperatorView view{.table = table,
                    .code = static_cast<fb::BuiltinOperator>(number),
                    .place = fmt::format("operator {} {}", index, title)};
  if (view.num_inputs() > kMaxInputs) {
    refuse(view.place, fmt::format("{} inputs", view.num_inputs()),
           fmt::format("at most {}", kMaxInputs));
  }
  return view;
}

int FileView::only_output(const OperatorView& op) const {
  return only_tensor(op.table->outputs(), op.place + " outputs");
}

int FileView::only_tensor(const flatbuffers::Vector<std::int32_t>* list,
                          const std::string& place) const {
  if (size_of(list) != 1) refuse(place, fmt::format("{} tensors", size_of(list)), "1");
  tensor(list->Get(0), place);
  return list->Get(0);
}

const fb::Tensor& FileView::tensor(int index, const std::string& place) const {
  const std::size_t count = size_of(graph_->tensors());
  if (index < 0 || static_cast<std::size_t>(index) >= count) {
    refuse(place, fmt::format("tensor {}", index), fmt::format("a tensor below {}", count));
  }
  const auto* found = graph_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
  if (found->sparsity() != nullptr) refuse(tensor_place(index), "sparse", "a dense tensor");
  if (found->is_variable()) refuse(tensor_place(index), "a variable", "no state");
  if (has_misaligned_zero_points(*found)) {
    refuse(tensor_place(index), "misaligned zero points", "a well-formed TensorFlow Lite file");
  }
  return *found;
}

std::string FileView::tensor_name(int index) const {
  const auto* found = graph_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
  return found->name() == nullptr ? "" : found->name()->str().substr(0, kMaxNameLength);
}

std::string FileView::tensor_place(int index) const {
  return fmt::format("tensor {} '{}'", index, tensor_name(index));
}

std::vector<int> FileView::dims(int index) const {
  std::vector<int> dims;
  std::int64_t product = 1;
  const auto* shape = tensor(index, "network").shape();
  if (size_of(shape) > kMaxAxes) {
    refuse(tensor_place(index), fmt::format("{} axes", shape->size()),
           fmt::format("at most {}", kMaxAxes));
  }
  for (flatbuffers::uoffset_t i = 0; i < size_of(shape); ++i) {
    const std::int32_t size = shape->Get(i);
    if (size < 1) refuse(tensor_place(index), fmt::format("size {}", size), "at least 1");
    product *= size;  // Both factors are below 2^31.
    if (product > kMaxElements) refuse(tensor_place(index), "more than 2^28 elements", "fewer");
    dims.push_back(size);
  }
  return dims;
}

model::Shape FileView::image_shape(int index) const {
  const std::vector<int> all = dims(index);
  if (all.size() < 2 || all.front() != 1) {
    refuse(tensor_place(index), "shape [" + model::to_string(all) + "]",
           "a batch of 1 as first size");
  }
  const auto* signature = tensor(index, "network").shape_signature();
  for (flatbuffers::uoffset_t i = 1; i < size_of(signature); ++i) {
    if (signature->Get(i) < 0) refuse(tensor_place(index), "a dynamic size", "fixed sizes");
  }
  return {all.begin() + 1, all.end()};
}

bool FileView::has_type(int index, fb::TensorType type) const {
  return tensor(index, "network").type() == type;
}

void FileView::expect_type(int index, fb::TensorType type) const {
  if (has_type(index, type)) return;
  const fb::TensorType found = tensor(index, "network").type();
  const std::string advice =
      type == fb::TensorType_INT8 ? " (a network quantized to int8 throughout)" : "";
  refuse(tensor_place(index), type_name(found), type_name(type) + advice);
}

const fb::Quantization& FileView::quantization(int index) const {
  const auto* found = tensor(index, "network").quantization();
  if (found == nullptr || size_of(found->scale()) == 0) {
    refuse(tensor_place(index), "no quantization", "scale and zero point");
  }
  if (found->details_type() != 0) {
    refuse(tensor_place(index), "custom or blockwise quantization", "scale and zero point");
  }
  return *found;
}

quant::QuantParams FileView::quant_params(int index) const {
  const fb::Quantization& found = quantization(index);
  if (found.scale()->size() != 1 || size_of(found.zero_point()) != 1) {
    refuse(tensor_place(index),
           fmt::format("{} scales and {} zero points", found.scale()->size(),
                       size_of(found.zero_point())),
           "1 of each");
  }
  const float scale = found.scale()->Get(0);
  if (!(scale > 0) || !std::isfinite(scale)) {
    refuse(tensor_place(index), fmt::format("scale {}", scale), "a positive finite scale");
  }
  const std::int64_t zero_point = found.zero_point()->Get(0);
  const bool is_unsigned = has_type(index, fb::TensorType_UINT8);
  const int low = is_unsigned ? 0 : -128;
  const int high = is_unsigned ? 255 : 127;
  if (zero_point < low || zero_point > high) {
    refuse(tensor_place(index), fmt::format("zero point {}", zero_point),
           fmt::format("{} to {}", low, high));
  }
  return {.scale = scale, .zero_point = static_cast<std::int32_t>(zero_point)};
}

std::span<const std::uint8_t> FileView::data(int index) const {
  const std::uint32_t buffer = tensor(index, "network").buffer();
  if (buffer == 0) return {};  // By convention, no data.
  if (buffer >= size_of(model_->buffers())) {
    refuse(tensor_place(index), fmt::format("buffer {}", buffer),
           fmt::format("below {}", size_of(model_->buffers())));
  }
  const auto* found = model_->buffers()->Get(buffer);
  if (found->offset() > 1 || found->size() > 1) {
    refuse(tensor_place(index), "data outside the flatbuffer", "data inside");
  }
  if (found->data() == nullptr) return {};
  return {found->data()->data(), found->data()->size()};
}

void FileView::refuse(std::string place, std::string found, std::string expected) const {
  throw base::InputError({.file = name_,
                          .place = std::move(place),
                          .found = std::move(found),
                          .expected = std::move(expected)});
}

}  // namespace deepaxe::frontend::tflite
