#include "deepaxe/hw/verilog/affine_view.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <vector>

#include "deepaxe/base/input_error.h"

namespace deepaxe::hw::verilog {
namespace {

// Three numbers by axis: line, column, channel.
using Axes = std::array<int, 3>;

// By axis of the node, which has at most three, as line, column and channel; missing axes are
// `missing`. [n, c] is n lines of one column, [n] one line of one column (design::ImageShape).
Axes as_axes(const LayerModule& layer, const std::vector<int>& by_axis, int missing) {
  switch (by_axis.size()) {
    case 1:
      return {missing, missing, by_axis[0]};
    case 2:
      return {by_axis[0], missing, by_axis[1]};
    case 3:
      return {by_axis[0], by_axis[1], by_axis[2]};
    default:
      throw base::InputError(
          {layer.model.name, layer.node().name,
           fmt::format("{} of {} axes", model::op_name(layer.node().op), by_axis.size()),
           "at most 3 axes in generated Verilog"});
  }
}

std::vector<int> strides_of(const model::Shape& shape) {
  std::vector<int> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * shape[axis];
  }
  return strides;
}

// All positions of the output.
AffineView whole(const LayerModule& layer, const Axes& strides, int offset) {
  const Axes sizes = as_axes(layer, layer.node().shape, 1);
  return {.offset = offset,
          .line = strides[0],
          .column = strides[1],
          .channel = strides[2],
          .line_to = sizes[0],
          .column_to = sizes[1],
          .channel_to = sizes[2]};
}

}  // namespace

AffineView broadcast_view(const LayerModule& layer, const model::Shape& shape) {
  const model::Shape& out = layer.node().shape;
  const std::vector<int> own = strides_of(shape);
  std::vector<int> strides(out.size(), 0);  // Axes are aligned at the end.
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != 1) strides[out.size() - shape.size() + axis] = own[axis];
  }
  return whole(layer, as_axes(layer, strides, 0), 0);
}

AffineView same_view(const LayerModule& layer, std::size_t input) {
  return broadcast_view(layer, layer.input(input).shape);
}

AffineView pad_view(const LayerModule& layer, const model::Pad& op) {
  const model::Shape& in = layer.input(0).shape;
  const Axes strides = as_axes(layer, strides_of(in), 0);
  const Axes before = as_axes(layer, op.before, 0);
  const Axes sizes = as_axes(layer, in, 1);
  AffineView view = whole(
      layer, strides, -(before[0] * strides[0] + before[1] * strides[1] + before[2] * strides[2]));
  view.line_from = before[0];
  view.line_to = before[0] + sizes[0];
  view.column_from = before[1];
  view.column_to = before[1] + sizes[1];
  view.channel_from = before[2];
  view.channel_to = before[2] + sizes[2];
  return view;
}

AffineView slice_view(const LayerModule& layer, const model::Slice& op) {
  std::vector<int> strides = strides_of(layer.input(0).shape);
  int offset = 0;
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    offset += op.begin[axis] * strides[axis];
    strides[axis] *= op.stride[axis];
  }
  return whole(layer, as_axes(layer, strides, 0), offset);
}

AffineView permute_view(const LayerModule& layer, const model::Permute& op) {
  const std::vector<int> in = strides_of(layer.input(0).shape);
  std::vector<int> strides;
  strides.reserve(op.axes.size());
  for (const int axis : op.axes) strides.push_back(in[static_cast<std::size_t>(axis)]);
  return whole(layer, as_axes(layer, strides, 0), 0);
}

}  // namespace deepaxe::hw::verilog
