#include "deepaxe/engine/float_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "deepaxe/base/assertion.h"
#include "deepaxe/kernel/reference/moves.h"

namespace deepaxe::engine {
namespace {

using model::Shape;
using model::Window;

std::size_t size_at(const Shape& shape, std::size_t axis) {
  return static_cast<std::size_t>(shape[axis]);
}

std::size_t channels_of(const Shape& shape) {
  return static_cast<std::size_t>(model::num_channels(shape));
}

// The matrix y[rows][*] = x[rows][depth] * w[depth][*] + bias, a tile of it.
struct Product {
  const float* x;  // Rows `depth` apart.
  std::size_t depth;
  const float* w;  // [depth][num_outputs]
  std::size_t num_outputs;
  const float* bias;  // [num_outputs], or null.
  float* y;           // Rows `y_stride` apart.
  std::size_t y_stride;
};

// Sums stay in registers over the whole depth; every sum runs in the order of the depth.
template <std::size_t kRows, std::size_t kOutputs>
void multiply_tile(const Product& p, std::size_t row, std::size_t output) {
  std::array<std::array<float, kOutputs>, kRows> sums{};
  if (p.bias != nullptr) {
    for (auto& sum : sums) std::copy_n(p.bias + output, kOutputs, sum.begin());
  }
  const float* x = p.x + row * p.depth;
  const float* w = p.w + output;
  for (std::size_t k = 0; k < p.depth; ++k, w += p.num_outputs) {
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t o = 0; o < kOutputs; ++o) sums[r][o] += x[r * p.depth + k] * w[o];
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    std::copy(sums[r].begin(), sums[r].end(), p.y + (row + r) * p.y_stride + output);
  }
}

template <std::size_t kRows>
void multiply_rows(const Product& p, std::size_t row) {
  std::size_t output = 0;
  for (; output + 8 <= p.num_outputs; output += 8) multiply_tile<kRows, 8>(p, row, output);
  for (; output < p.num_outputs; ++output) multiply_tile<kRows, 1>(p, row, output);
}

constexpr std::size_t kTileRows = 4;

void multiply(const Product& p, std::size_t num_rows) {
  std::size_t row = 0;
  for (; row + kTileRows <= num_rows; row += kTileRows) multiply_rows<kTileRows>(p, row);
  for (; row < num_rows; ++row) multiply_rows<1>(p, row);
}

// Calls visit(kernel row * kernel_w + kernel column, input row, input column) for each element of
// the window of one output position that is not padding.
template <typename Visit>
void for_each_tap(const Window& w, const Shape& input, int out_row, int out_column, Visit visit) {
  for (int i = 0; i < w.kernel_h; ++i) {
    const int row = out_row * w.stride_h - w.pad_top + i * w.dilation_h;
    if (row < 0 || row >= input[0]) continue;
    for (int j = 0; j < w.kernel_w; ++j) {
      const int column = out_column * w.stride_w - w.pad_left + j * w.dilation_w;
      if (column < 0 || column >= input[1]) continue;
      visit(static_cast<std::size_t>(i * w.kernel_w + j),
            static_cast<std::size_t>(row * input[1] + column));
    }
  }
}

void run_conv(const model::Conv2d& op, const model::FloatNode& node, const FloatInputs& inputs,
              std::span<const float> packed, float* output) {
  const Shape& in = *inputs.shapes[0];
  const auto groups = static_cast<std::size_t>(op.groups);
  const std::size_t in_channels = channels_of(in);
  const std::size_t group_in = in_channels / groups;
  const std::size_t group_out = channels_of(node.shape) / groups;
  const std::size_t depth =
      static_cast<std::size_t>(op.window.kernel_h * op.window.kernel_w) * group_in;
  const std::size_t columns = size_at(node.shape, 1);
  std::vector<float> patches(columns * depth);  // One output row at a time.
  for (int row = 0; row < node.shape[0]; ++row) {
    for (std::size_t g = 0; g < groups; ++g) {
      std::fill(patches.begin(), patches.end(), 0.0F);
      for (std::size_t column = 0; column < columns; ++column) {
        float* patch = patches.data() + column * depth;
        const float* source = inputs.data[0] + g * group_in;
        for_each_tap(op.window, in, row, static_cast<int>(column),
                     [&](std::size_t tap, std::size_t position) {
                       std::copy_n(source + position * in_channels, group_in,
                                   patch + tap * group_in);
                     });
      }
      multiply({.x = patches.data(),
                .depth = depth,
                .w = packed.data() + g * depth * group_out,
                .num_outputs = group_out,
                .bias = node.bias.empty() ? nullptr : node.bias.data() + g * group_out,
                .y = output + static_cast<std::size_t>(row) * columns * channels_of(node.shape) +
                     g * group_out,
                .y_stride = channels_of(node.shape)},
               columns);
    }
  }
}

// Calls visit(output position, output row, output column) over a [height, width, channels] shape.
template <typename Visit>
void for_each_position(const Shape& shape, Visit visit) {
  for (int row = 0; row < shape[0]; ++row) {
    for (int column = 0; column < shape[1]; ++column) {
      visit(static_cast<std::size_t>(row * shape[1] + column), row, column);
    }
  }
}

struct RunNode {
  const model::FloatNode& node;
  const FloatInputs& inputs;
  std::span<const float> packed;
  float* out;

  const float* in() const { return inputs.data[0]; }
  const Shape& in_shape() const { return *inputs.shapes[0]; }
  std::size_t size() const { return model::num_elements(node.shape); }

  void operator()(const model::Input&) const { DEEPAXE_ASSERT(false); }

  void operator()(const model::Conv2d& op) const { run_conv(op, node, inputs, packed, out); }

  void operator()(const model::Dense&) const {
    const std::size_t depth = channels_of(in_shape());
    const std::size_t outputs = channels_of(node.shape);
    multiply({.x = in(),
              .depth = depth,
              .w = packed.data(),
              .num_outputs = outputs,
              .bias = node.bias.empty() ? nullptr : node.bias.data(),
              .y = out,
              .y_stride = outputs},
             size() / outputs);
  }

  void operator()(const model::DepthwiseConv2d& op) const {
    const std::size_t outputs = channels_of(node.shape);
    const std::size_t in_channels = channels_of(in_shape());
    const auto multiplier = static_cast<std::size_t>(op.depth_multiplier);
    for_each_position(node.shape, [&](std::size_t at, int row, int column) {
      float* y = out + at * outputs;
      if (node.bias.empty()) {
        std::fill_n(y, outputs, 0.0F);
      } else {
        std::copy_n(node.bias.begin(), outputs, y);
      }
      for_each_tap(op.window, in_shape(), row, column, [&](std::size_t tap, std::size_t from) {
        const float* x = in() + from * in_channels;
        const float* w = packed.data() + tap * outputs;
        for (std::size_t o = 0; o < outputs; ++o) y[o] += x[o / multiplier] * w[o];
      });
    });
  }

  void operator()(const model::Pool& op) const {
    const std::size_t channels = channels_of(node.shape);
    const bool is_max = op.kind == model::PoolKind::kMax;
    const float start = is_max ? -std::numeric_limits<float>::infinity() : 0.0F;
    for_each_position(node.shape, [&](std::size_t at, int row, int column) {
      float* y = out + at * channels;
      std::fill_n(y, channels, start);
      int count = 0;
      for_each_tap(op.window, in_shape(), row, column, [&](std::size_t, std::size_t from) {
        const float* x = in() + from * channels;
        ++count;
        for (std::size_t c = 0; c < channels; ++c)
          y[c] = is_max ? std::max(y[c], x[c]) : y[c] + x[c];
      });
      if (is_max) return;
      for (std::size_t c = 0; c < channels; ++c) y[c] /= static_cast<float>(std::max(count, 1));
    });
  }

  void operator()(const model::GlobalPool& op) const {
    const std::size_t channels = channels_of(in_shape());
    const std::size_t positions = model::num_elements(in_shape()) / channels;
    const bool is_max = op.kind == model::PoolKind::kMax;
    std::copy_n(in(), channels, out);
    for (std::size_t p = 1; p < positions; ++p) {
      for (std::size_t c = 0; c < channels; ++c) {
        const float x = in()[p * channels + c];
        out[c] = is_max ? std::max(out[c], x) : out[c] + x;
      }
    }
    if (is_max) return;
    for (std::size_t c = 0; c < channels; ++c) out[c] /= static_cast<float>(positions);
  }

  void operator()(const model::Reshape&) const { std::copy_n(in(), size(), out); }

  void operator()(const model::Permute& op) const {
    move(kernel::reference::permute_sources(in_shape(), op.axes), 0);
  }

  void operator()(const model::Activate& op) const {
    const model::Activation& a = op.activation;
    for (std::size_t i = 0; i < size(); ++i) {
      const float x = in()[i];
      switch (a.kind) {
        case model::ActivationKind::kNone:
          out[i] = x;
          break;
        case model::ActivationKind::kRelu:
          out[i] = x < a.threshold                ? a.negative_slope * (x - a.threshold)
                   : a.has_max && x > a.max_value ? a.max_value
                                                  : x;
          break;
        case model::ActivationKind::kTanh:
          out[i] = std::tanh(x);
          break;
        case model::ActivationKind::kSigmoid:
          out[i] = 1.0F / (1.0F + std::exp(-x));
          break;
        case model::ActivationKind::kHardSwish:
          out[i] = x * std::clamp(x + 3.0F, 0.0F, 6.0F) / 6.0F;
          break;
      }
    }
  }

  void operator()(const model::Prelu&) const {
    const std::size_t period = node.weights.size();
    for (std::size_t i = 0; i < size(); ++i) {
      out[i] = in()[i] < 0 ? in()[i] * node.weights[i % period] : in()[i];
    }
  }

  void operator()(const model::Softmax&) const {
    const std::size_t channels = channels_of(node.shape);
    for (std::size_t at = 0; at < size(); at += channels) {
      const float* x = in() + at;
      const float highest = *std::max_element(x, x + channels);
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += out[at + c] = std::exp(x[c] - highest);
      for (std::size_t c = 0; c < channels; ++c) out[at + c] /= sum;
    }
  }

  void move(std::span<const std::int64_t> sources, float fill) const {
    for (std::size_t i = 0; i < size(); ++i) {
      out[i] = sources[i] == kernel::reference::kFill ? fill
                                                      : in()[static_cast<std::size_t>(sources[i])];
    }
  }

  void operator()(const model::Pad& op) const {
    move(kernel::reference::pad_sources(in_shape(), op.before, op.after), op.value);
  }

  void operator()(const model::Slice& op) const {
    move(kernel::reference::slice_sources(in_shape(), op.begin, op.size, op.stride), 0);
  }

  static float calculate(model::ArithmeticKind kind, float a, float b) {
    switch (kind) {
      case model::ArithmeticKind::kAdd:
        return a + b;
      case model::ArithmeticKind::kSubtract:
        return a - b;
      case model::ArithmeticKind::kMultiply:
        return a * b;
    }
    return 0;
  }

  // `out` becomes the result for operands that broadcast to the node's shape; may be one of them
  // where that has the node's shape.
  void combine(model::ArithmeticKind kind, const float* a, const Shape& a_shape, const float* b,
               const Shape& b_shape) const {
    if (a_shape == b_shape) {
      for (std::size_t i = 0; i < size(); ++i) out[i] = calculate(kind, a[i], b[i]);
      return;
    }
    const auto from_a = kernel::reference::broadcast_sources(a_shape, node.shape);
    const auto from_b = kernel::reference::broadcast_sources(b_shape, node.shape);
    for (std::size_t i = 0; i < size(); ++i) out[i] = calculate(kind, a[from_a[i]], b[from_b[i]]);
  }

  void operator()(const model::Arithmetic& op) const {
    if (op.constant == model::ConstantOperand::kFirst) {
      combine(op.kind, node.weights.data(), op.constant_shape, in(), in_shape());
    } else if (op.constant == model::ConstantOperand::kSecond) {
      combine(op.kind, in(), in_shape(), node.weights.data(), op.constant_shape);
    } else {
      combine(op.kind, in(), in_shape(), inputs.data[1], *inputs.shapes[1]);
      for (std::size_t input = 2; input < inputs.data.size(); ++input) {
        combine(op.kind, out, node.shape, inputs.data[input], *inputs.shapes[input]);
      }
    }
  }

  void operator()(const model::Concatenate& op) const {
    const auto axis = static_cast<std::size_t>(op.axis);
    const auto run_length = [axis](const Shape& shape) {  // Elements from `axis` on.
      return model::num_elements(
          Shape(shape.begin() + static_cast<std::ptrdiff_t>(axis), shape.end()));
    };
    const std::size_t out_run = run_length(node.shape);
    std::size_t offset = 0;
    for (std::size_t input = 0; input < inputs.data.size(); ++input) {
      const std::size_t run = run_length(*inputs.shapes[input]);
      for (std::size_t i = 0; i * out_run < size(); ++i) {
        std::copy_n(inputs.data[input] + i * run, run, out + i * out_run + offset);
      }
      offset += run;
    }
  }

  void operator()(const model::Affine&) const {
    const std::size_t channels = channels_of(node.shape);
    for (std::size_t i = 0; i < size(); ++i) {
      out[i] = in()[i] * node.weights[i % channels] + node.bias[i % channels];
    }
  }
};

}  // namespace

std::vector<float> pack_weights(const model::FloatNode& node, const Shape& input) {
  if (std::holds_alternative<model::DepthwiseConv2d>(node.op)) return node.weights;
  std::size_t groups = 1;
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    groups = static_cast<std::size_t>(conv->groups);
    DEEPAXE_ASSERT(channels_of(input) % groups == 0);
  }
  const std::size_t outputs = channels_of(node.shape);
  const std::size_t depth = node.weights.size() / outputs;
  const std::size_t group_out = outputs / groups;
  std::vector<float> packed(node.weights.size());
  for (std::size_t o = 0; o < outputs; ++o) {
    float* group = packed.data() + o / group_out * depth * group_out;
    for (std::size_t k = 0; k < depth; ++k) {
      group[k * group_out + o % group_out] = node.weights[o * depth + k];
    }
  }
  return packed;
}

void run_float_node(const model::FloatNode& node, const FloatInputs& inputs,
                    std::span<const float> packed_weights, float* output) {
  std::visit(RunNode{node, inputs, packed_weights, output}, node.op);
}

}  // namespace deepaxe::engine
