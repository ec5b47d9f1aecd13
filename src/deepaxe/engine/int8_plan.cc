#include "deepaxe/engine/int8_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::engine {
namespace {

namespace reference = kernel::reference;

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

// Plans one node; one overload for each op that has an int8 kernel.
class Planner {
 public:
  Planner(const model::Int8Model& model, int node)
      : model_(model), node_(model.nodes.at(to_size(node))) {}

  Step operator()(const model::Input&) const { return std::monostate{}; }
  Step operator()(const model::Conv2d& op) const;
  Step operator()(const model::DepthwiseConv2d& op) const;
  Step operator()(const model::Dense& op) const;
  Step operator()(const model::Pool& op) const;
  Step operator()(const model::GlobalPool& op) const;
  Step operator()(const model::Reshape&) const {
    require_same_quantization();
    return CopyStep{};
  }
  Step operator()(const model::Permute& op) const {
    require_same_quantization();
    return PermuteStep{.shape = input().shape, .axes = op.axes};
  }
  Step operator()(const model::Activate& op) const;
  Step operator()(const model::Pad& op) const;
  Step operator()(const model::Crop& op) const;
  Step operator()(const model::Add&) const;
  Step operator()(const model::Concatenate& op) const;
  template <typename Other>
  Step operator()(const Other&) const {
    refuse(fmt::format("op {}", model::op_name(node_.op)), "an op with an int8 kernel");
  }

 private:
  [[noreturn]] void refuse(std::string found, std::string_view expected) const {
    throw base::InputError({.file = model_.name,
                            .place = fmt::format("layer {}", node_.name),
                            .found = std::move(found),
                            .expected = std::string(expected)});
  }

  const model::Int8Node& input(std::size_t i = 0) const {
    return model_.nodes.at(to_size(node_.inputs.at(i)));
  }
  // The shape as height, width, channels; leading axes of a vector are 1.
  const model::Shape& image() const {
    if (input().shape.size() != 3) {
      refuse(fmt::format("input of shape {}", model::to_string(input().shape)),
             "height x width x channels");
    }
    return input().shape;
  }
  void require_same_quantization() const {
    const quant::QuantParams& in = input().quant;
    const quant::QuantParams& out = node_.quant;
    if (in != out) {
      refuse(fmt::format("output scale {} and zero point {}", out.scale, out.zero_point),
             fmt::format("those of its input, {} and {}", in.scale, in.zero_point));
    }
  }
  kernel::ConvGeometry window_geometry(const model::Window& window) const;
  reference::PoolLayer pool_layer(const model::Window& window) const;
  FrameStep frame_step(int top, int left) const;
  kernel::ComputingLayer computing_layer(const kernel::ConvGeometry& geometry,
                                         std::vector<std::int8_t> weights) const;
  quant::RequantScale scale_of(std::size_t output) const;

  const model::Int8Model& model_;
  const model::Int8Node& node_;
};

kernel::ConvGeometry Planner::window_geometry(const model::Window& window) const {
  const model::Shape& in = image();
  return {.in_h = in[0],
          .in_w = in[1],
          .in_c = in[2],
          .out_h = node_.shape.at(0),
          .out_w = node_.shape.at(1),
          .out_c = node_.shape.at(2),
          .kernel_h = window.kernel_h,
          .kernel_w = window.kernel_w,
          .stride_h = window.stride_h,
          .stride_w = window.stride_w,
          .dilation_h = window.dilation_h,
          .dilation_w = window.dilation_w,
          .pad_top = window.pad_top,
          .pad_left = window.pad_left,
          .groups = 1};
}

// s_in * s_w / s_out in double. TFLite multiplies the two scales of a per-tensor dense layer in
// float first, and only those.
quant::RequantScale Planner::scale_of(std::size_t output) const {
  const bool per_tensor = node_.weight_scales.size() == 1;
  const float weight_scale = node_.weight_scales.at(per_tensor ? 0 : output);
  const float in_scale = input().quant.scale;
  const bool float_product = per_tensor && std::holds_alternative<model::Dense>(node_.op);
  const double product = float_product
                             ? static_cast<double>(in_scale * weight_scale)
                             : static_cast<double>(in_scale) * static_cast<double>(weight_scale);
  return quant::make_requant_scale(product / static_cast<double>(node_.quant.scale));
}

kernel::ComputingLayer Planner::computing_layer(const kernel::ConvGeometry& geometry,
                                                std::vector<std::int8_t> weights) const {
  kernel::ComputingLayer layer;
  layer.geometry = geometry;
  layer.weights = std::move(weights);
  layer.rounding = node_.rounding;
  layer.in_zero_point = static_cast<std::int8_t>(input().quant.zero_point);
  layer.out_zero_point = node_.quant.zero_point;
  layer.clamp_low = node_.clamp_low;
  layer.clamp_high = node_.clamp_high;
  for (std::size_t o = 0; o < to_size(geometry.out_c); ++o) {
    std::int64_t weight_sum = 0;
    for (std::size_t k = 0; k < geometry.depth(); ++k) {
      weight_sum += layer.weights.at(o * geometry.depth() + k);
    }
    const std::int64_t bias = node_.bias.empty() ? 0 : node_.bias.at(o);
    // Modulo 2^32, as the accumulator.
    layer.folded_bias.push_back(
        static_cast<std::int32_t>(bias - input().quant.zero_point * weight_sum));
    layer.scales.push_back(scale_of(o));
  }
  return layer;
}

Step Planner::operator()(const model::Conv2d& op) const {
  kernel::ConvGeometry geometry = window_geometry(op.window);
  geometry.groups = op.groups;
  return computing_layer(geometry, node_.weights);
}

// Weights [kh, kw, in * multiplier] to [in * multiplier][kh][kw][1].
Step Planner::operator()(const model::DepthwiseConv2d& op) const {
  kernel::ConvGeometry geometry = window_geometry(op.window);
  geometry.groups = geometry.in_c;
  const std::size_t area = geometry.depth();
  const std::size_t outputs = to_size(geometry.out_c);
  std::vector<std::int8_t> weights(area * outputs);
  for (std::size_t k = 0; k < area; ++k) {
    for (std::size_t o = 0; o < outputs; ++o) {
      weights[o * area + k] = node_.weights.at(k * outputs + o);
    }
  }
  return computing_layer(geometry, std::move(weights));
}

Step Planner::operator()(const model::Dense&) const {
  const int in = model::num_channels(input().shape);
  const int positions = static_cast<int>(model::num_elements(input().shape)) / in;
  const kernel::ConvGeometry geometry = {
      .in_w = positions, .in_c = in, .out_w = positions, .out_c = model::num_channels(node_.shape)};
  return computing_layer(geometry, node_.weights);
}

reference::PoolLayer Planner::pool_layer(const model::Window& window) const {
  require_same_quantization();
  if (window.dilation_h != 1 || window.dilation_w != 1) {
    refuse(fmt::format("dilation {}x{}", window.dilation_h, window.dilation_w), "1x1 in a pool");
  }
  const kernel::ConvGeometry g = window_geometry(window);
  return {.in_h = g.in_h,
          .in_w = g.in_w,
          .channels = g.in_c,
          .out_h = g.out_h,
          .out_w = g.out_w,
          .kernel_h = g.kernel_h,
          .kernel_w = g.kernel_w,
          .stride_h = g.stride_h,
          .stride_w = g.stride_w,
          .pad_top = g.pad_top,
          .pad_left = g.pad_left,
          .clamp_low = node_.clamp_low,
          .clamp_high = node_.clamp_high};
}

Step Planner::operator()(const model::Pool& op) const {
  const reference::PoolLayer layer = pool_layer(op.window);
  if (op.kind == model::PoolKind::kMax) return MaxPoolStep{layer};
  return AveragePoolStep{layer};
}

Step Planner::operator()(const model::GlobalPool& op) const {
  const model::Shape& in = image();
  if (op.kind == model::PoolKind::kAverage) {
    reference::MeanLayer layer =
        reference::make_mean_layer(in[0] * in[1], in[2], input().quant, node_.quant);
    layer.clamp_low = node_.clamp_low;
    layer.clamp_high = node_.clamp_high;
    return MeanStep{layer};
  }
  require_same_quantization();
  return MaxPoolStep{{.in_h = in[0],
                      .in_w = in[1],
                      .channels = in[2],
                      .kernel_h = in[0],
                      .kernel_w = in[1],
                      .clamp_low = node_.clamp_low,
                      .clamp_high = node_.clamp_high}};
}

Step Planner::operator()(const model::Activate& op) const {
  const model::Activation& activation = op.activation;
  const bool is_relu = activation.kind == model::ActivationKind::kRelu;
  if ((!is_relu && activation.kind != model::ActivationKind::kNone) || activation.threshold != 0 ||
      activation.negative_slope < 0) {
    refuse("an activation that is not piecewise linear through 0",
           "linear, ReLU or leaky ReLU, with or without a maximum");
  }
  reference::RescaleLayer layer = reference::make_rescale_layer(
      input().quant, node_.quant, is_relu ? static_cast<double>(activation.negative_slope) : 1.0);
  layer.clamp_low = node_.clamp_low;
  layer.clamp_high = node_.clamp_high;
  if (is_relu && activation.has_max) {
    const std::int32_t highest = quant::quantize(activation.max_value, node_.quant);
    layer.clamp_high = std::min(layer.clamp_high, highest);
  }
  return MapStep{.table = reference::tabulate(layer)};
}

FrameStep Planner::frame_step(int top, int left) const {
  require_same_quantization();
  const model::Shape& in = image();
  return {.layer = {.in_h = in[0],
                    .in_w = in[1],
                    .channels = in[2],
                    .out_h = node_.shape.at(0),
                    .out_w = node_.shape.at(1),
                    .top = top,
                    .left = left,
                    .fill = static_cast<std::int8_t>(node_.quant.zero_point)}};
}

Step Planner::operator()(const model::Pad& op) const { return frame_step(op.top, op.left); }

Step Planner::operator()(const model::Crop& op) const { return frame_step(-op.top, -op.left); }

Step Planner::operator()(const model::Add&) const {
  if (node_.inputs.size() != 2) {
    refuse(fmt::format("an addition of {} tensors", node_.inputs.size()), "2");
  }
  reference::AddLayer layer =
      reference::make_add_layer(input(0).quant, input(1).quant, node_.quant);
  layer.clamp_low = node_.clamp_low;
  layer.clamp_high = node_.clamp_high;
  AddStep step{.sums = std::vector<std::int8_t>(std::size_t{256} * 256)};
  for (std::size_t i = 0; i < step.sums.size(); ++i) {
    step.sums[i] =
        reference::add(layer, static_cast<std::int8_t>(i >> 8), static_cast<std::int8_t>(i & 255));
  }
  return step;
}

Step Planner::operator()(const model::Concatenate& op) const {
  ConcatenateStep step;
  for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
    const model::Shape& shape = input(i).shape;
    step.runs.push_back(model::num_elements(model::Shape(
        shape.begin() + std::min<std::ptrdiff_t>(op.axis, std::ssize(shape)), shape.end())));
    step.tables.push_back(
        reference::tabulate(reference::make_rescale_layer(input(i).quant, node_.quant)));
  }
  return step;
}

}  // namespace

Step plan_step(const model::Int8Model& model, int node) {
  try {
    return std::visit(Planner(model, node), model.nodes.at(to_size(node)).op);
  } catch (
      const std::invalid_argument& error) {  // Scales so far apart that no integer factor fits.
    throw base::InputError({.file = model.name,
                            .place = fmt::format("layer {}", model.nodes.at(to_size(node)).name),
                            .found = error.what(),
                            .expected = "scales of comparable size"});
  }
}

}  // namespace deepaxe::engine
