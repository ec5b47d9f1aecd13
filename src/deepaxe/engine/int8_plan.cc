#include "deepaxe/engine/int8_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/model/integer_functions.h"

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
    return move_step(reference::permute_sources(input().shape, op.axes));
  }
  Step operator()(const model::Pad& op) const {
    return move_step(reference::pad_sources(input().shape, op.before, op.after),
                     quant::quantize(op.value, node_.quant));
  }
  Step operator()(const model::Slice& op) const {
    return move_step(reference::slice_sources(input().shape, op.begin, op.size, op.stride));
  }
  Step operator()(const model::Activate&) const {
    return MapStep{.table = model::activation_table(node_, input().quant)};
  }
  Step operator()(const model::Prelu&) const {
    return binary_step(operand(0), constant(input().shape.size() == 1 ||
                                                    node_.weights.size() != size_of(input().shape)
                                                ? model::Shape{model::num_channels(input().shape)}
                                                : input().shape));
  }
  Step operator()(const model::Arithmetic& op) const;
  Step operator()(const model::Softmax&) const;
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
  MoveStep move_step(reference::Sources sources, std::int8_t fill = 0) const {
    require_same_quantization();
    return {.sources = std::move(sources), .fill = fill};
  }
  static std::size_t size_of(const model::Shape& shape) { return model::num_elements(shape); }
  std::vector<std::uint32_t> sources_of(const model::Shape& shape) const;
  Operand operand(int index) const;
  Operand constant(const model::Shape& shape) const;
  BinaryStep binary_step(Operand a, Operand b) const;
  kernel::ComputingLayer computing_layer(const kernel::ConvGeometry& geometry,
                                         std::vector<std::int8_t> weights) const;

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
    layer.scales.push_back(model::output_scale(model_, node_, o));
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

std::vector<std::uint32_t> Planner::sources_of(const model::Shape& shape) const {
  if (shape == node_.shape) return {};
  return reference::broadcast_sources(shape, node_.shape);
}

Operand Planner::operand(int index) const {
  const model::Shape& shape = input(to_size(index)).shape;
  return {.input = index, .size = size_of(shape), .sources = sources_of(shape)};
}

Operand Planner::constant(const model::Shape& shape) const {
  return {.size = size_of(shape), .constant = node_.weights, .sources = sources_of(shape)};
}

BinaryStep Planner::binary_step(Operand a, Operand b) const {
  return {.table = quant::tabulate(model::binary_arithmetic(model_, node_)),
          .a = std::move(a),
          .b = std::move(b)};
}

Step Planner::operator()(const model::Arithmetic& op) const {
  switch (op.constant) {
    case model::ConstantOperand::kFirst:
      return binary_step(constant(op.constant_shape), operand(0));
    case model::ConstantOperand::kSecond:
      return binary_step(operand(0), constant(op.constant_shape));
    case model::ConstantOperand::kNone:
      break;
  }
  if (node_.inputs.size() != 2) {
    refuse(fmt::format("an addition of {} tensors", node_.inputs.size()), "2");
  }
  return binary_step(operand(0), operand(1));
}

Step Planner::operator()(const model::Softmax&) const {
  constexpr quant::QuantParams kOutput{.scale = 1.0F / 256, .zero_point = -128};
  if (node_.quant != kOutput) {
    refuse(
        fmt::format("output scale {} and zero point {}", node_.quant.scale, node_.quant.zero_point),
        "1/256 and -128 for a softmax");
  }
  return SoftmaxStep{.scale = quant::make_softmax_scale(input().quant.scale),
                     .depth = to_size(model::num_channels(node_.shape))};
}

Step Planner::operator()(const model::Concatenate& op) const {
  ConcatenateStep step;
  for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
    const model::Shape& shape = input(i).shape;
    step.runs.push_back(model::num_elements(model::Shape(
        shape.begin() + std::min<std::ptrdiff_t>(op.axis, std::ssize(shape)), shape.end())));
    step.tables.push_back(quant::rescale_table(quant::make_rescale(input(i).quant, node_.quant)));
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
