// Operators that move elements: padding, slices, transposition, concatenation, new shapes.
#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {
namespace {

// begin, size and stride by axis, batch included, before they are checked.
struct SliceBounds {
  std::vector<std::int64_t> begin, size, stride;
};

std::vector<std::int64_t> values_by_axis(const GraphBuilder& builder, const OperatorView& op,
                                         std::size_t position, std::size_t rank) {
  std::vector<std::int64_t> values = integer_values(builder, op, position);
  if (values.size() != rank) {
    builder.file.refuse(op.place, fmt::format("{} values in input {}", values.size(), position),
                        fmt::format("one for each of {} axes", rank));
  }
  return values;
}

// The slice of the axes behind the batch, which must be taken whole.
model::Slice make_slice(const GraphBuilder& builder, const OperatorView& op,
                        const SliceBounds& bounds, const std::vector<int>& dims) {
  model::Slice slice;
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const std::int64_t begin = bounds.begin[axis];
    const std::int64_t size = bounds.size[axis];
    const std::int64_t stride = bounds.stride[axis];
    const bool is_inside = stride >= 1 && stride <= kMaxElementsOfAxis && begin >= 0 && size >= 1 &&
                           size <= dims[axis] && begin + (size - 1) * stride < dims[axis];
    if (!is_inside || (axis == 0 && size != dims[0])) {
      builder.file.refuse(
          op.place, fmt::format("{} elements from {} by {} of axis {}", size, begin, stride, axis),
          axis == 0 ? "the whole batch" : fmt::format("at least 1, inside [0, {})", dims[axis]));
    }
    if (axis == 0) continue;
    slice.begin.push_back(static_cast<int>(begin));
    slice.size.push_back(static_cast<int>(size));
    slice.stride.push_back(static_cast<int>(stride));
  }
  return slice;
}

}  // namespace

void read_concatenation(GraphBuilder& builder, const OperatorView& op) {
  const auto& options = require(builder, op, op.table->builtin_options_as_ConcatenationOptions());
  std::vector<int> inputs;
  for (std::size_t i = 0; i < op.num_inputs(); ++i) inputs.push_back(builder.input_node(op, i));
  const int rank = static_cast<int>(builder.file.dims(builder.file.only_output(op)).size());
  const std::int64_t axis = options.axis() + (options.axis() < 0 ? std::int64_t{rank} : 0);
  if (axis < 1 || axis >= rank || options.fused_activation() != fb::FusedActivation_NONE) {
    builder.file.refuse(op.place, fmt::format("axis {} or a fused activation", options.axis()),
                        "an axis behind the batch, no activation");
  }
  add_code_keeping_node(builder, op, model::Concatenate{.axis = static_cast<int>(axis) - 1},
                        std::move(inputs));
}

// PADV2 names the value; PAD fills with real 0.
void read_pad(GraphBuilder& builder, const OperatorView& op) {
  const bool has_value = op.code == fb::BuiltinOperator_PADV2;
  expect_inputs(builder.file, op, has_value ? 3 : 2, has_value ? 3 : 2);
  const int input = builder.input_node(op, 0);
  const std::size_t rank = builder.node(input).shape.size() + 1;
  const std::vector<std::int64_t> sizes = values_by_axis(builder, op, 1, 2 * rank);
  const auto fits = [](std::int64_t size) { return size >= 0 && size <= kMaxWindow; };
  if (sizes[0] != 0 || sizes[1] != 0 || !std::all_of(sizes.begin(), sizes.end(), fits)) {
    builder.file.refuse(op.place, "padding of the batch or of another size",
                        fmt::format("other axes, 0 to {}", kMaxWindow));
  }
  model::Pad pad;
  for (std::size_t i = 2; i < sizes.size(); i += 2) {
    pad.before.push_back(static_cast<int>(sizes[i]));
    pad.after.push_back(static_cast<int>(sizes[i + 1]));
  }
  if (has_value) {
    builder.file.tensor(op.input(2), op.place);
    const quant::QuantParams quant = builder.node(input).quant;
    if (!builder.is_float && builder.file.quant_params(op.input(2)) != quant) {
      builder.file.refuse(op.place, "a value of another scale or zero point", "those of the input");
    }
    pad.value = builder.is_float ? float_values(builder, op, 2).at(0)
                                 : quant::dequantize(code_values(builder, op, 2).at(0), quant);
  }
  add_code_keeping_node(builder, op, std::move(pad), {input});
}

void read_slice(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 3, 3);
  const int input = builder.input_node(op, 0);
  const std::vector<int> dims = builder.file.dims(op.input(0));
  SliceBounds bounds{.begin = values_by_axis(builder, op, 1, dims.size()),
                     .size = values_by_axis(builder, op, 2, dims.size()),
                     .stride = std::vector<std::int64_t>(dims.size(), 1)};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const bool to_the_end = bounds.size[axis] == -1 && bounds.begin[axis] >= 0;
    if (to_the_end) bounds.size[axis] = dims[axis] - bounds.begin[axis];
  }
  add_code_keeping_node(builder, op, make_slice(builder, op, bounds, dims), {input});
}

// Axes that the slice drops (shrink_axis_mask) are dropped by a Reshape behind it.
void read_strided_slice(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 4, 4);
  const int input = builder.input_node(op, 0);
  const auto& options = require(builder, op, op.table->builtin_options_as_StridedSliceOptions());
  if (options.ellipsis_mask() != 0 || options.new_axis_mask() != 0) {
    builder.file.refuse(op.place, "an ellipsis or a new axis", "bounds for every axis");
  }
  const std::vector<int> dims = builder.file.dims(op.input(0));
  SliceBounds bounds{.begin = values_by_axis(builder, op, 1, dims.size()),
                     .size = values_by_axis(builder, op, 2, dims.size()),
                     .stride = values_by_axis(builder, op, 3, dims.size())};
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const auto is_set = [&](std::int32_t mask) { return (mask >> axis & 1) != 0; };
    const std::int64_t stride = bounds.stride[axis];
    const auto position = [&](std::int64_t index) {
      return std::clamp<std::int64_t>(index < 0 ? index + dims[axis] : index, 0, dims[axis]);
    };
    const std::int64_t begin = is_set(options.begin_mask()) ? 0 : position(bounds.begin[axis]);
    std::int64_t end = is_set(options.end_mask()) ? dims[axis] : position(bounds.size[axis]);
    if (is_set(options.shrink_axis_mask())) end = begin + 1;
    bounds.begin[axis] = begin;
    const bool steps = stride >= 1 && stride <= kMaxElementsOfAxis;
    bounds.size[axis] = steps ? (end - begin + stride - 1) / stride : 0;
  }
  model::Slice slice = make_slice(builder, op, bounds, dims);
  if (options.shrink_axis_mask() == 0) {
    add_code_keeping_node(builder, op, std::move(slice), {input});
    return;
  }
  const model::Shape sliced = slice.size;
  const int helper = builder.add_helper("slice", std::move(slice), input, sliced);
  add_code_keeping_node(builder, op, model::Reshape{}, {helper});
}

void read_transpose(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const int input = builder.input_node(op, 0);
  const std::size_t rank = builder.node(input).shape.size() + 1;
  const std::vector<std::int64_t> order = values_by_axis(builder, op, 1, rank);
  model::Permute permute;
  for (std::size_t i = 1; i < rank; ++i) {
    if (order[0] != 0 || order[i] < 1 || order[i] >= static_cast<std::int64_t>(rank)) {
      builder.file.refuse(op.place, "a transposition of the batch", "of the axes behind it");
    }
    permute.axes.push_back(static_cast<int>(order[i]) - 1);
  }
  add_code_keeping_node(builder, op, std::move(permute), {input});
}

// RESHAPE, SQUEEZE, EXPAND_DIMS: the static shape of the output says all. Where RESHAPE names a
// shape as well, it must be the same.
void read_reshape(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 2);
  const int input = builder.input_node(op, 0);
  if (op.code == fb::BuiltinOperator_RESHAPE && op.input(1) != -1) {
    const std::vector<std::int64_t> sizes = integer_values(builder, op, 1);
    const std::vector<int> dims = builder.file.dims(builder.file.only_output(op));
    const auto agrees = [](std::int64_t size, int dim) { return size == -1 || size == dim; };
    if (!std::equal(sizes.begin(), sizes.end(), dims.begin(), dims.end(), agrees)) {
      builder.file.refuse(op.place, "a shape that is not that of its output",
                          model::to_string(dims));
    }
  }
  add_code_keeping_node(builder, op, model::Reshape{}, {input});
}

}  // namespace deepaxe::frontend::tflite
