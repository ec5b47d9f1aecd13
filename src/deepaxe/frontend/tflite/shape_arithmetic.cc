// Integer operators on shapes, folded to constants: every size but the batch is static, and that
// is 1.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "deepaxe/frontend/tflite/graph_builder.h"

namespace deepaxe::frontend::tflite {
namespace {

template <typename T>
std::vector<std::int64_t> widen(std::span<const std::uint8_t> bytes) {
  std::vector<std::int64_t> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = value;
  }
  return values;
}

std::vector<std::int64_t> shape_values(const GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  builder.file.tensor(op.input(0), op.place);
  const std::vector<int> dims = builder.file.dims(op.input(0));
  return {dims.begin(), dims.end()};
}

std::int64_t single_value(const GraphBuilder& builder, const OperatorView& op,
                          std::size_t position) {
  const std::vector<std::int64_t> values = integer_values(builder, op, position);
  if (values.size() != 1) {
    builder.file.refuse(op.place, fmt::format("{} values in input {}", values.size(), position),
                        "1");
  }
  return values.front();
}

// Of a vector: values[begin:end:1], or values[begin] where the axis is shrunk.
std::vector<std::int64_t> slice_values(const GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 4, 4);
  const std::vector<std::int64_t> values = integer_values(builder, op, 0);
  const auto* options = op.table->builtin_options_as_StridedSliceOptions();
  const bool simple = options != nullptr && options->ellipsis_mask() == 0 &&
                      options->new_axis_mask() == 0 && single_value(builder, op, 3) == 1;
  if (!simple) builder.file.refuse(op.place, "a slice with steps or new axes", "a plain slice");
  const auto size = static_cast<std::int64_t>(values.size());
  const auto position = [&](std::int64_t index) {
    return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
  };
  std::int64_t begin = position(single_value(builder, op, 1));
  std::int64_t end = position(single_value(builder, op, 2));
  if ((options->begin_mask() & 1) != 0) begin = 0;
  if ((options->end_mask() & 1) != 0) end = size;
  if ((options->shrink_axis_mask() & 1) != 0) end = begin + 1;
  if (begin >= end || end > size) builder.file.refuse(op.place, "an empty slice", "elements");
  return {values.begin() + begin, values.begin() + end};
}

std::vector<std::int64_t> packed_values(const GraphBuilder& builder, const OperatorView& op) {
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < op.num_inputs(); ++i) {
    values.push_back(single_value(builder, op, i));
  }
  return values;
}

}  // namespace

bool fold_shape_operator(GraphBuilder& builder, const OperatorView& op) {
  std::vector<std::int64_t> values;
  switch (op.code) {
    case fb::BuiltinOperator_SHAPE:
      values = shape_values(builder, op);
      break;
    case fb::BuiltinOperator_STRIDED_SLICE:
      values = slice_values(builder, op);
      break;
    case fb::BuiltinOperator_PACK:
      values = packed_values(builder, op);
      break;
    default:
      return false;
  }
  builder.integers[builder.file.only_output(op)] = std::move(values);
  return true;
}

std::vector<std::int64_t> integer_values(const GraphBuilder& builder, const OperatorView& op,
                                         std::size_t position) {
  const FileView& file = builder.file;
  const int tensor = op.input(position);
  const fb::Tensor& found = file.tensor(tensor, op.place);
  if (const auto folded = builder.integers.find(tensor); folded != builder.integers.end()) {
    return folded->second;
  }
  const std::span<const std::uint8_t> bytes = file.data(tensor);
  std::size_t expected = 1;
  for (const int size : file.dims(tensor)) expected *= static_cast<std::size_t>(size);
  std::vector<std::int64_t> values;
  if (found.type() == fb::TensorType_INT32) values = widen<std::int32_t>(bytes);
  if (found.type() == fb::TensorType_INT64) values = widen<std::int64_t>(bytes);
  if (values.size() != expected) {
    file.refuse(op.place, file.tensor_place(tensor) + " has no constant value",
                fmt::format("{} constant integers", expected));
  }
  return values;
}

}  // namespace deepaxe::frontend::tflite
