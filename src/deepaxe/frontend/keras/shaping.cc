// Layers that move, pool, join or cut elements, and the checks every builder shares.
#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/frontend/keras/builders.h"

namespace deepaxe::frontend::keras {
namespace {

Value append_pool(const LayerCall& call, model::PoolKind kind) {
  const Value input = call.image();
  const model::Shape shape = call.graph.shape(input);
  const std::array<int, 2> size = call.fields.pair("pool_size", {2, 2});
  const std::array<int, 2> strides = call.fields.pair("strides", size);
  if (std::min({size[0], size[1], strides[0], strides[1]}) < 1) {
    call.fields.refuse("pool_size, strides", "a size below 1", "sizes of at least 1");
  }
  model::Window window{
      .kernel_h = size[0], .kernel_w = size[1], .stride_h = strides[0], .stride_w = strides[1]};
  const std::string padding = call.fields.text("padding", "valid");
  if (padding == "same") {
    model::set_same_padding(window, shape[0], shape[1]);
  } else if (padding != "valid") {
    call.fields.refuse("padding", padding, "same or valid");
  }
  return call.graph.append(call.name,
                           {.op = model::Pool{.kind = kind, .window = window}, .inputs = {input}});
}

Value append_global_pool(const LayerCall& call, model::PoolKind kind) {
  const Value input = call.image();
  const int channels = model::num_channels(call.graph.shape(input));
  const bool keepdims = call.fields.boolean("keepdims", false);
  Value value = call.graph.append(
      call.name, {.op = model::GlobalPool{kind},
                  .inputs = {input},
                  .shape = keepdims ? model::Shape{1, 1, channels} : model::Shape{channels}});
  if (!keepdims) value.channels_first = false;
  return value;
}

// [[top, bottom], [left, right]], [height, width] or one number.
std::array<int, 4> read_borders(const LayerCall& call, const std::string& field) {
  const Json& value = call.fields.raw(field);
  std::array<int, 4> borders{};
  if (value.is_array() && value.size() == 2 && value[0].is_array()) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const Json side = {{"sides", value[axis]}};
      const Fields sides(side, call.fields.file(), call.fields.layer());
      const std::array<int, 2> two = sides.pair("sides", {0, 0});
      borders[2 * axis] = two[0];
      borders[2 * axis + 1] = two[1];
    }
  } else {
    const std::array<int, 2> both = call.fields.pair(field, {1, 1});
    borders = {both[0], both[0], both[1], both[1]};
  }
  if (*std::min_element(borders.begin(), borders.end()) < 0) {
    call.fields.refuse(field, brief(value), "sizes of at least 0");
  }
  return borders;
}

// Axis of Keras (with the batch, maybe negative, maybe channels first) as one of ours.
int to_our_axis(const LayerCall& call, Value input, int axis) {
  const int rank = static_cast<int>(call.graph.shape(input).size());
  const int positive = axis < 0 ? axis + rank : axis - 1;
  if (positive < 0 || positive >= rank) {
    call.fields.refuse("axis", std::to_string(axis), fmt::format("an axis of {} sizes", rank));
  }
  if (!input.channels_first) return positive;
  return positive == 0 ? rank - 1 : positive - 1;
}

// Layers that join tensors need one layout; mixed ones all become what Keras sees.
std::vector<Value> same_layout(const LayerCall& call) {
  std::vector<Value> inputs = call.inputs;
  const auto is_first = [](const Value& value) { return value.channels_first; };
  if (std::all_of(inputs.begin(), inputs.end(), is_first)) return inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = call.graph.to_keras_order(inputs[i], fmt::format("{}/input{}", call.name, i));
  }
  return inputs;
}

}  // namespace

Value LayerCall::input() const {
  if (inputs.size() != 1) fields.refuse("", fmt::format("{} inputs", inputs.size()), "1");
  return inputs.front();
}

Value LayerCall::image() const {
  const std::string format = fields.text("data_format", "channels_last");
  if (format != "channels_last" && format != "channels_first") {
    fields.refuse("data_format", format, "channels_last or channels_first");
  }
  const Value value = format == "channels_first" ? graph.to_channels_last(input(), name)
                                                 : graph.to_keras_order(input(), name);
  if (graph.shape(value).size() != 3) {
    fields.refuse("", "input of shape " + model::to_string(graph.shape(value)),
                  "height x width x channels");
  }
  return value;
}

void LayerCall::expect_weights(std::size_t count) const {
  if (layer.weights.size() == count) return;
  fields.refuse("", fmt::format("{} arrays of weights", layer.weights.size()),
                std::to_string(count));
}

const std::vector<float>& LayerCall::weight(std::size_t index, const model::Shape& expected) const {
  const Hdf5Array& array = *layer.weights.at(index);
  if (array.shape != expected) {
    fields.refuse("", fmt::format("weights {} of shape {}", index, model::to_string(array.shape)),
                  model::to_string(expected));
  }
  return array.values;
}

Value build_max_pooling(const LayerCall& call) { return append_pool(call, model::PoolKind::kMax); }
Value build_average_pooling(const LayerCall& call) {
  return append_pool(call, model::PoolKind::kAverage);
}
Value build_global_max_pooling(const LayerCall& call) {
  return append_global_pool(call, model::PoolKind::kMax);
}
Value build_global_average_pooling(const LayerCall& call) {
  return append_global_pool(call, model::PoolKind::kAverage);
}

// With data_format channels_first Keras itself moves the channels last before it flattens.
Value build_flatten(const LayerCall& call) {
  Value input = call.fields.text("data_format", "") == "channels_first"
                    ? call.graph.to_channels_last(call.input(), call.name)
                    : call.graph.to_keras_order(call.input(), call.name);
  input.channels_first = false;
  const auto size = static_cast<int>(model::num_elements(call.graph.shape(input)));
  return call.graph.append(call.name, {.op = model::Reshape{}, .inputs = {input}, .shape = {size}});
}

Value build_reshape(const LayerCall& call) {
  const Value input = call.graph.to_keras_order(call.input(), call.name);
  model::Shape target = call.fields.integers("target_shape");
  const auto unknown = std::find(target.begin(), target.end(), -1);
  const auto size = static_cast<std::int64_t>(model::num_elements(call.graph.shape(input)));
  if (unknown != target.end()) {
    std::int64_t known = 1;
    for (const int axis : target) {
      if (known > size || axis < -1) break;  // Refused below: as soon as it cannot fit.
      known *= axis == -1 ? 1 : axis;
    }
    if (known > 0 && size % known == 0) *unknown = static_cast<int>(size / known);
  }
  if (target.empty() || *std::min_element(target.begin(), target.end()) < 1) {
    call.fields.refuse("target_shape", brief(call.fields.raw("target_shape")),
                       fmt::format("sizes of {} elements", size));
  }
  return call.graph.append(call.name, {.op = model::Reshape{}, .inputs = {input}, .shape = target});
}

Value build_permute(const LayerCall& call) {
  const Value input = call.graph.to_keras_order(call.input(), call.name);
  std::vector<int> axes = call.fields.integers("dims");
  for (int& axis : axes) --axis;  // Keras counts the batch as 0.
  return call.graph.append(call.name, {.op = model::Permute{std::move(axes)}, .inputs = {input}});
}

Value build_zero_padding(const LayerCall& call) {
  const Value input = call.image();
  const auto [top, bottom, left, right] = read_borders(call, "padding");
  return call.graph.append(
      call.name, {.op = model::make_image_pad(top, bottom, left, right), .inputs = {input}});
}

Value build_cropping(const LayerCall& call) {
  const Value input = call.image();
  const auto [top, bottom, left, right] =
      call.fields.has("cropping") ? read_borders(call, "cropping") : std::array<int, 4>{};
  return call.graph.append(
      call.name, {.op = model::make_image_crop(call.graph.shape(input), top, bottom, left, right),
                  .inputs = {input}});
}

namespace {

Value build_arithmetic(const LayerCall& call, model::ArithmeticKind kind) {
  return call.graph.append(call.name,
                           {.op = model::Arithmetic{.kind = kind}, .inputs = same_layout(call)});
}

}  // namespace

Value build_add(const LayerCall& call) {
  return build_arithmetic(call, model::ArithmeticKind::kAdd);
}

Value build_subtract(const LayerCall& call) {
  return build_arithmetic(call, model::ArithmeticKind::kSubtract);
}

Value build_multiply(const LayerCall& call) {
  return build_arithmetic(call, model::ArithmeticKind::kMultiply);
}

Value build_concatenate(const LayerCall& call) {
  if (call.inputs.empty()) call.fields.refuse("", "no inputs", "2 or more");
  const std::vector<Value> inputs = same_layout(call);
  const int axis = to_our_axis(call, inputs.front(), call.fields.integer("axis", -1));
  return call.graph.append(call.name, {.op = model::Concatenate{axis}, .inputs = inputs});
}

}  // namespace deepaxe::frontend::keras
