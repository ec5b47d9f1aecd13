// Output shapes: what each op gives for its input shapes and weights.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "deepaxe/model/graph.h"

namespace deepaxe::model {
namespace {

struct Context {
  std::vector<const Shape*> inputs;
  const Shape& declared;  // The node's own shape.
  std::size_t num_weights;
};

[[noreturn]] void refuse(const std::string& text) { throw std::invalid_argument(text); }

const Shape& only_input(const Context& context) {
  if (context.inputs.size() != 1)
    refuse(fmt::format("{} inputs, expected 1", context.inputs.size()));
  return *context.inputs.front();
}

const Shape& image_input(const Context& context) {
  const Shape& input = only_input(context);
  if (input.size() != 3) {
    refuse(fmt::format("input of shape {}, expected height x width x channels", to_string(input)));
  }
  return input;
}

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;  // Of one tensor of one image.
constexpr int kMaxWindow = 1 << 20;  // With kMaxElements, no size or sum of sizes overflows.

// One size of a shape, worked out without overflow.
int checked_size(std::int64_t size) {
  if (size > kMaxElements) refuse(fmt::format("a size of {}, expected at most 2^28", size));
  return static_cast<int>(size);
}

void check_sizes(const Shape& shape) {
  constexpr std::size_t kMaxAxes = 8;
  if (shape.size() > kMaxAxes) refuse(fmt::format("{} axes, expected at most 8", shape.size()));
  std::int64_t elements = 1;
  for (const int size : shape) {
    if (size < 1) refuse(fmt::format("shape {}, expected sizes of at least 1", to_string(shape)));
    elements *= size;  // Below 2^28 * 2^31.
    if (elements > kMaxElements) {
      refuse(fmt::format("shape {}, expected at most 2^28 elements", to_string(shape)));
    }
  }
}

int positive(int size, const Shape& input) {
  if (size <= 0)
    refuse(fmt::format("input of shape {} is smaller than the window", to_string(input)));
  return size;
}

void check_window(const Window& w) {
  if (std::min({w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w}) < 1) {
    refuse("kernel, stride or dilation below 1");
  }
  if (std::min({w.pad_top, w.pad_bottom, w.pad_left, w.pad_right}) < 0) refuse("padding below 0");
  if (std::max({w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w,
                w.pad_top, w.pad_bottom, w.pad_left, w.pad_right}) > kMaxWindow) {
    refuse("kernel, stride, dilation or padding above 2^20");
  }
}

Shape window_shape(const Window& w, const Shape& input, int channels) {
  const int out_h =
      window_output_size(input[0], w.kernel_h, w.stride_h, w.dilation_h, w.pad_top, w.pad_bottom);
  const int out_w =
      window_output_size(input[1], w.kernel_w, w.stride_w, w.dilation_w, w.pad_left, w.pad_right);
  return {positive(out_h, input), positive(out_w, input), channels};
}

// The outputs of a layer are told by its weights: `per_output` of them for each.
int outputs_by_weights(std::size_t num_weights, std::size_t per_output) {
  if (per_output == 0 || num_weights == 0 || num_weights % per_output != 0) {
    refuse(fmt::format("{} weights, expected a multiple of {}", num_weights, per_output));
  }
  return static_cast<int>(num_weights / per_output);
}

std::size_t window_area(const Window& window) {
  return static_cast<std::size_t>(window.kernel_h) * static_cast<std::size_t>(window.kernel_w);
}

// By numpy's rules: axes aligned at the end, sizes equal or 1.
Shape broadcast(const Shape& a, const Shape& b) {
  if (a.size() < b.size()) return broadcast(b, a);
  Shape shape = a;
  for (std::size_t i = 0; i < b.size(); ++i) {
    int& size = shape[a.size() - b.size() + i];
    if (size != b[i] && size != 1 && b[i] != 1) {
      refuse(
          fmt::format("inputs of shapes {} and {}, which do not fit", to_string(a), to_string(b)));
    }
    size = std::max(size, b[i]);
  }
  return shape;
}

struct InferShape {
  const Context& context;

  Shape operator()(const Input&) const {
    if (!context.inputs.empty()) refuse("an input layer that reads another layer");
    return context.declared;
  }

  Shape operator()(const Conv2d& op) const {
    const Shape& input = image_input(context);
    check_window(op.window);
    if (op.groups < 1 || input[2] % op.groups != 0) {
      refuse(fmt::format("{} input channels in {} groups", input[2], op.groups));
    }
    const auto depth = static_cast<std::size_t>(input[2] / op.groups);
    const int out = outputs_by_weights(context.num_weights, window_area(op.window) * depth);
    if (out % op.groups != 0) refuse(fmt::format("{} outputs in {} groups", out, op.groups));
    return window_shape(op.window, input, out);
  }

  Shape operator()(const DepthwiseConv2d& op) const {
    const Shape& input = image_input(context);
    check_window(op.window);
    if (op.depth_multiplier < 1) refuse("a depth multiplier below 1");
    const int out = checked_size(std::int64_t{input[2]} * op.depth_multiplier);
    const std::size_t expected = window_area(op.window) * static_cast<std::size_t>(out);
    if (context.num_weights != expected) {
      refuse(fmt::format("{} weights, expected {}", context.num_weights, expected));
    }
    return window_shape(op.window, input, out);
  }

  Shape operator()(const Dense&) const {
    Shape shape = only_input(context);
    if (shape.empty()) refuse("a scalar input, expected a vector");
    shape.back() = outputs_by_weights(context.num_weights, static_cast<std::size_t>(shape.back()));
    return shape;
  }

  Shape operator()(const Pool& op) const {
    const Shape& input = image_input(context);
    check_window(op.window);
    return window_shape(op.window, input, input[2]);
  }

  Shape operator()(const GlobalPool&) const {
    const int channels = image_input(context)[2];
    return context.declared.size() == 3 ? Shape{1, 1, channels} : Shape{channels};
  }

  Shape operator()(const Reshape&) const {
    const Shape& input = only_input(context);
    if (num_elements(input) != num_elements(context.declared)) {
      refuse(fmt::format("input of shape {} reshaped to {}", to_string(input),
                         to_string(context.declared)));
    }
    return context.declared;
  }

  Shape operator()(const Permute& op) const {
    const Shape& input = only_input(context);
    std::vector<int> sorted = op.axes;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i] != static_cast<int>(i)) refuse("axes that are no permutation");
    }
    if (sorted.size() != input.size()) {
      refuse(fmt::format("{} axes for input of shape {}", sorted.size(), to_string(input)));
    }
    Shape shape;
    for (const int axis : op.axes) shape.push_back(input[static_cast<std::size_t>(axis)]);
    return shape;
  }

  Shape operator()(const Activate&) const { return only_input(context); }
  Shape operator()(const Softmax&) const { return only_input(context); }

  Shape operator()(const Prelu&) const {
    const Shape& input = only_input(context);
    const auto channels = static_cast<std::size_t>(num_channels(input));
    if (context.num_weights != channels && context.num_weights != num_elements(input)) {
      refuse(fmt::format("{} slopes for input of shape {}", context.num_weights, to_string(input)));
    }
    return input;
  }

  Shape operator()(const Pad& op) const {
    Shape shape = only_input(context);
    if (op.before.size() != shape.size() || op.after.size() != shape.size()) {
      refuse(fmt::format("padding of {} axes for input of shape {}", op.before.size(),
                         to_string(shape)));
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (op.before[i] < 0 || op.after[i] < 0) refuse("padding below 0");
      shape[i] = checked_size(std::int64_t{shape[i]} + op.before[i] + op.after[i]);
    }
    return shape;
  }

  Shape operator()(const Slice& op) const {
    const Shape& input = only_input(context);
    const std::size_t rank = input.size();
    if (op.begin.size() != rank || op.size.size() != rank || op.stride.size() != rank) {
      refuse(fmt::format("a slice of {} axes for input of shape {}", op.size.size(),
                         to_string(input)));
    }
    for (std::size_t i = 0; i < rank; ++i) {
      const bool is_inside = op.begin[i] >= 0 && op.size[i] >= 1 && op.stride[i] >= 1 &&
                             op.begin[i] + (op.size[i] - std::int64_t{1}) * op.stride[i] < input[i];
      if (!is_inside) {
        refuse(fmt::format("elements {} to {} by {} of axis {}, expected some of shape {}",
                           op.begin[i], op.begin[i] + (op.size[i] - std::int64_t{1}) * op.stride[i],
                           op.stride[i], i, to_string(input)));
      }
    }
    return op.size;
  }

  Shape operator()(const Arithmetic& op) const {
    if (op.constant != ConstantOperand::kNone) {
      check_sizes(op.constant_shape);
      if (context.num_weights != num_elements(op.constant_shape)) {
        refuse(fmt::format("{} constant values, expected shape {}", context.num_weights,
                           to_string(op.constant_shape)));
      }
      return broadcast(only_input(context), op.constant_shape);
    }
    if (context.inputs.size() < 2) refuse("fewer than 2 inputs");
    Shape shape = *context.inputs.front();
    for (std::size_t i = 1; i < context.inputs.size(); ++i) {
      shape = broadcast(shape, *context.inputs[i]);
    }
    if (context.inputs.size() > 2 && op.kind != ArithmeticKind::kAdd) {
      refuse(fmt::format("{} inputs, expected 2", context.inputs.size()));
    }
    return shape;
  }

  Shape operator()(const Concatenate& op) const {
    if (context.inputs.size() < 2) refuse("fewer than 2 inputs");
    Shape shape = *context.inputs.front();
    const auto axis = static_cast<std::size_t>(op.axis);
    if (op.axis < 0 || axis >= shape.size()) {
      refuse(fmt::format("axis {} for input of shape {}", op.axis, to_string(shape)));
    }
    for (std::size_t i = 1; i < context.inputs.size(); ++i) {
      Shape other = *context.inputs[i];
      const int size = axis < other.size() ? other[axis] : 0;
      if (axis < other.size()) other[axis] = shape[axis];
      if (other != shape) {
        refuse(fmt::format("inputs of shapes {} and {} do not fit along axis {}",
                           to_string(*context.inputs.front()), to_string(*context.inputs[i]),
                           op.axis));
      }
      shape[axis] = checked_size(std::int64_t{shape[axis]} + size);
    }
    return shape;
  }

  Shape operator()(const Affine&) const {
    const Shape& input = only_input(context);
    const auto channels = static_cast<std::size_t>(num_channels(input));
    if (context.num_weights != channels) {
      refuse(fmt::format("{} factors, expected {}", context.num_weights, channels));
    }
    return input;
  }
};

}  // namespace

template <typename Node>
Shape infer_shape(const Graph<Node>& graph, const Node& node) {
  Context context{.inputs = {}, .declared = node.shape, .num_weights = node.weights.size()};
  for (const int input : node.inputs) {
    context.inputs.push_back(&graph.nodes.at(static_cast<std::size_t>(input)).shape);
  }
  check_sizes(node.shape);  // Reshape and Input believe it.
  Shape shape = std::visit(InferShape{context}, node.op);
  check_sizes(shape);
  return shape;
}

template Shape infer_shape(const FloatModel&, const FloatNode&);
template Shape infer_shape(const Int8Model&, const Int8Node&);

}  // namespace deepaxe::model
