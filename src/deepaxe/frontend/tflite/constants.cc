// Constants: read from buffers, or worked out of others. Operators on shapes are folded, since
// every size but the batch is static, and that is 1.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "deepaxe/frontend/tflite/graph_builder.h"

namespace deepaxe::frontend::tflite {
namespace {

constexpr std::size_t kMaxIntegerBytes = 1024;  // Of a constant about shapes; 64 are enough.

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

template <typename T>
std::vector<T> copy_values(std::span<const std::uint8_t> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

// IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits.
float float_of_half(std::uint16_t half) noexcept {
  const int exponent = half >> 10 & 31;
  const int fraction = half & 1023;
  float value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

std::vector<float> float_halves(std::span<const std::uint8_t> bytes) {
  std::vector<float> values;
  values.reserve(bytes.size() / 2);
  for (const std::uint16_t half : copy_values<std::uint16_t>(bytes)) {
    values.push_back(float_of_half(half));
  }
  return values;
}

// The constant's channel of each element is what an axis in the middle of its shape counts.
std::vector<float> dequantized(const GraphBuilder& builder, int tensor, int channel_axis) {
  const auto codes = copy_values<std::int8_t>(builder.file.data(tensor));
  const std::vector<float> scales = symmetric_scales(builder, tensor, channel_axis);
  const std::vector<int> dims = builder.file.dims(tensor);
  std::size_t inner = 1;
  for (std::size_t axis = static_cast<std::size_t>(channel_axis) + 1; axis < dims.size(); ++axis) {
    inner *= static_cast<std::size_t>(dims[axis]);
  }
  std::vector<float> values;
  values.reserve(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    values.push_back(scales[i / inner % scales.size()] * static_cast<float>(codes[i]));
  }
  return values;
}

// Constants only: an activation that is dequantized leaves the network.
bool fold_dequantize(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const int tensor = op.input(0);
  builder.file.tensor(tensor, op.place);
  if (builder.is_computed(tensor) || builder.file.data(tensor).empty()) return false;
  builder.take_room(op, builder.file.data(tensor).size());
  builder.floats[builder.file.only_output(op)] =
      builder.file.has_type(tensor, fb::TensorType_FLOAT16)
          ? float_halves(builder.file.data(tensor))
          : float_values(builder, op, 0);
  return true;
}

void expect_count(const GraphBuilder& builder, int tensor, std::size_t found) {
  const std::size_t expected = model::num_elements(builder.file.dims(tensor));
  if (found != expected) {
    builder.file.refuse(builder.file.tensor_place(tensor), fmt::format("{} constant values", found),
                        std::to_string(expected));
  }
}

}  // namespace

bool fold_constant_operator(GraphBuilder& builder, const OperatorView& op) {
  std::vector<std::int64_t> values;
  switch (op.code) {
    case fb::BuiltinOperator_SHAPE:
      values = shape_values(builder, op);
      break;
    case fb::BuiltinOperator_STRIDED_SLICE:
      if (builder.is_computed(op.input(0))) return false;  // A slice of data.
      values = slice_values(builder, op);
      break;
    case fb::BuiltinOperator_PACK:
      values = packed_values(builder, op);
      break;
    case fb::BuiltinOperator_DEQUANTIZE:
      return fold_dequantize(builder, op);
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
  if (bytes.size() > kMaxIntegerBytes) {
    file.refuse(op.place, fmt::format("{} of {} bytes", file.tensor_place(tensor), bytes.size()),
                "a shape, axes or paddings");
  }
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

std::vector<float> float_values(GraphBuilder& builder, const OperatorView& op, std::size_t position,
                                int channel_axis) {
  const FileView& file = builder.file;
  const int tensor = op.input(position);
  file.tensor(tensor, op.place);
  const auto folded = builder.floats.find(tensor);
  builder.take_room(
      op, folded != builder.floats.end() ? folded->second.size() : file.data(tensor).size());
  std::vector<float> values;
  if (folded != builder.floats.end()) {
    values = folded->second;
  } else if (file.has_type(tensor, fb::TensorType_INT8)) {
    values = dequantized(builder, tensor, channel_axis);
  } else {
    file.expect_type(tensor, fb::TensorType_FLOAT32);
    values = copy_values<float>(file.data(tensor));
  }
  expect_count(builder, tensor, values.size());
  return values;
}

std::vector<std::int8_t> code_values(GraphBuilder& builder, const OperatorView& op,
                                     std::size_t position) {
  const FileView& file = builder.file;
  const int tensor = op.input(position);
  file.tensor(tensor, op.place);
  file.expect_type(tensor, fb::TensorType_INT8);
  expect_count(builder, tensor, file.data(tensor).size());
  builder.take_room(op, file.data(tensor).size());
  return copy_values<std::int8_t>(file.data(tensor));
}

std::vector<float> symmetric_scales(const GraphBuilder& builder, int tensor, int channel_axis) {
  const FileView& file = builder.file;
  const auto* found = file.tensor(tensor, "network").quantization();
  if (found == nullptr || found->scale() == nullptr || found->details_type() != 0) {
    file.refuse(file.tensor_place(tensor), "no or custom quantization", "scales of the weights");
  }
  const std::vector<int> dims = file.dims(tensor);
  const auto axis = static_cast<std::size_t>(channel_axis);
  const int channels = axis < dims.size() ? dims[axis] : 1;
  std::vector<float> scales(found->scale()->begin(), found->scale()->end());
  if (scales.size() != 1 && scales.size() != static_cast<std::size_t>(channels)) {
    file.refuse(file.tensor_place(tensor), fmt::format("{} scales", scales.size()),
                fmt::format("1 or {}", channels));
  }
  if (scales.size() > 1 && found->quantized_dimension() != channel_axis) {
    file.refuse(file.tensor_place(tensor),
                fmt::format("quantized along axis {}", found->quantized_dimension()),
                fmt::format("axis {}", channel_axis));
  }
  if (found->zero_point() != nullptr &&
      std::any_of(found->zero_point()->begin(), found->zero_point()->end(),
                  [](std::int64_t zero_point) { return zero_point != 0; })) {
    file.refuse(file.tensor_place(tensor), "weights with a zero point", "symmetric weights");
  }
  return scales;
}

}  // namespace deepaxe::frontend::tflite
