// Layers that multiply: kernels from Keras order to that of the model (OHWI).
#include <fmt/format.h>

#include "deepaxe/frontend/keras/builders.h"
#include "deepaxe/frontend/keras/keras1.h"

namespace deepaxe::frontend::keras {
namespace {

model::Window read_window(const LayerCall& call, const model::Shape& input,
                          std::array<int, 2> kernel) {
  const std::array<int, 2> strides = call.fields.pair("strides", {1, 1});
  const std::array<int, 2> dilation = call.fields.pair("dilation_rate", {1, 1});
  model::Window window{.kernel_h = kernel[0],
                       .kernel_w = kernel[1],
                       .stride_h = strides[0],
                       .stride_w = strides[1],
                       .dilation_h = dilation[0],
                       .dilation_w = dilation[1]};
  for (const int size : {kernel[0], kernel[1], strides[0], strides[1], dilation[0], dilation[1]}) {
    if (size < 1)
      call.fields.refuse("kernel_size, strides, dilation_rate", std::to_string(size),
                         "sizes of at least 1");
  }
  const std::string padding = call.fields.text("padding", "valid");
  if (padding == "same") {
    model::set_same_padding(window, input[0], input[1]);
  } else if (padding != "valid") {
    call.fields.refuse("padding", padding, "same or valid");
  }
  return window;
}

// A Keras kernel [kh, kw, in, out] to [out, kh, kw, in]. Theano convolves with the kernel turned by
// 180 degrees, so what it has saved is turned back.
std::vector<float> hwio_to_ohwi(const std::vector<float>& from, const model::Shape& shape,
                                bool turned) {
  const auto taps = static_cast<std::size_t>(shape[0] * shape[1]);
  const auto inputs = static_cast<std::size_t>(shape[2]);
  const auto outputs = static_cast<std::size_t>(shape[3]);
  std::vector<float> to(from.size());
  for (std::size_t tap = 0; tap < taps; ++tap) {
    for (std::size_t i = 0; i < inputs; ++i) {
      for (std::size_t o = 0; o < outputs; ++o) {
        const std::size_t source_tap = turned ? taps - 1 - tap : tap;
        to[(o * taps + tap) * inputs + i] = from[(source_tap * inputs + i) * outputs + o];
      }
    }
  }
  return to;
}

// A Keras 1 kernel [out, in, kh, kw] to [out, kh, kw, in], turned as above.
std::vector<float> oihw_to_ohwi(const std::vector<float>& from, const model::Shape& shape,
                                bool turned) {
  const auto outputs = static_cast<std::size_t>(shape[0]);
  const auto inputs = static_cast<std::size_t>(shape[1]);
  const auto taps = static_cast<std::size_t>(shape[2] * shape[3]);
  std::vector<float> to(from.size());
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t i = 0; i < inputs; ++i) {
      for (std::size_t tap = 0; tap < taps; ++tap) {
        const std::size_t source_tap = turned ? taps - 1 - tap : tap;
        to[(o * taps + tap) * inputs + i] = from[(o * inputs + i) * taps + source_tap];
      }
    }
  }
  return to;
}

std::vector<float> read_bias(const LayerCall& call, std::size_t index, int outputs) {
  if (!call.fields.boolean("use_bias", true)) return {};
  return call.weight(index, {outputs});
}

void expect_kernel_and_bias(const LayerCall& call, std::size_t num_kernels) {
  call.expect_weights(num_kernels + (call.fields.boolean("use_bias", true) ? 1 : 0));
}

int read_count(const LayerCall& call, const std::string& field, int otherwise = 0) {
  const int count = call.fields.integer(field, otherwise);
  if (count < 1) call.fields.refuse(field, std::to_string(count), "at least 1");
  return count;
}

std::array<int, 2> read_kernel_size(const LayerCall& call) {
  if (!call.fields.has("kernel_size")) call.fields.refuse("kernel_size", "nothing", "two sizes");
  return call.fields.pair("kernel_size", {1, 1});
}

}  // namespace

Value build_conv2d(const LayerCall& call) {
  const Value input = call.image();
  const model::Shape shape = call.graph.shape(input);
  const std::array<int, 2> kernel = read_kernel_size(call);
  const int filters = read_count(call, "filters");
  const int groups = call.fields.integer("groups", 1);
  if (groups < 1 || shape[2] % groups != 0 || filters % groups != 0) {
    call.fields.refuse("groups", std::to_string(groups),
                       fmt::format("a divisor of {} inputs and {} filters", shape[2], filters));
  }
  const model::Conv2d op{.window = read_window(call, shape, kernel), .groups = groups};
  expect_kernel_and_bias(call, 1);
  const int depth = shape[2] / groups;
  const bool turned = call.graph.theano_kernels();
  std::vector<float> weights;
  if (call.fields.boolean(kKernelOihw, false)) {
    const model::Shape oihw = {filters, depth, kernel[0], kernel[1]};
    weights = oihw_to_ohwi(call.weight(0, oihw), oihw, turned);
  } else {
    const model::Shape hwio = {kernel[0], kernel[1], depth, filters};
    weights = hwio_to_ohwi(call.weight(0, hwio), hwio, turned);
  }
  const Value value = call.graph.append(call.name, {.op = op,
                                                    .inputs = {input},
                                                    .weights = std::move(weights),
                                                    .bias = read_bias(call, 1, filters)});
  return append_fused_activation(call, value);
}

Value build_depthwise_conv2d(const LayerCall& call) {
  const Value input = call.image();
  const model::Shape shape = call.graph.shape(input);
  const std::array<int, 2> kernel = read_kernel_size(call);
  const int multiplier = read_count(call, "depth_multiplier", 1);
  const model::DepthwiseConv2d op{.window = read_window(call, shape, kernel),
                                  .depth_multiplier = multiplier};
  expect_kernel_and_bias(call, 1);
  // [kh, kw, in, multiplier] is the model's layout already.
  const Value value = call.graph.append(
      call.name, {.op = op,
                  .inputs = {input},
                  .weights = call.weight(0, {kernel[0], kernel[1], shape[2], multiplier}),
                  .bias = read_bias(call, 1, shape[2] * multiplier)});
  return append_fused_activation(call, value);
}

Value build_separable_conv2d(const LayerCall& call) {
  const Value input = call.image();
  const model::Shape shape = call.graph.shape(input);
  const std::array<int, 2> kernel = read_kernel_size(call);
  const int multiplier = read_count(call, "depth_multiplier", 1);
  const int filters = read_count(call, "filters");
  const model::DepthwiseConv2d depthwise{.window = read_window(call, shape, kernel),
                                         .depth_multiplier = multiplier};
  expect_kernel_and_bias(call, 2);
  const Value between =
      call.graph.append(call.name + "/depthwise",
                        {.op = depthwise,
                         .inputs = {input},
                         .weights = call.weight(0, {kernel[0], kernel[1], shape[2], multiplier})});
  const model::Shape pointwise = {1, 1, shape[2] * multiplier, filters};
  const Value value = call.graph.append(
      call.name, {.op = model::Conv2d{},
                  .inputs = {between},
                  .weights = hwio_to_ohwi(call.weight(1, pointwise), pointwise, false),
                  .bias = read_bias(call, 2, filters)});
  return append_fused_activation(call, value);
}

Value build_dense(const LayerCall& call) {
  const Value input = call.graph.to_keras_order(call.input(), call.name);
  const int inputs = model::num_channels(call.graph.shape(input));
  const int units = read_count(call, "units");
  expect_kernel_and_bias(call, 1);
  const model::Shape as_kernel = {1, 1, inputs, units};
  const Value value = call.graph.append(
      call.name, {.op = model::Dense{},
                  .inputs = {input},
                  .weights = hwio_to_ohwi(call.weight(0, {inputs, units}), as_kernel, false),
                  .bias = read_bias(call, 1, units)});
  return append_fused_activation(call, value);
}

}  // namespace deepaxe::frontend::keras
