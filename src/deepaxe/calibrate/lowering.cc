#include "deepaxe/calibrate/lowering.h"

#include <fmt/format.h>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/sharing.h"

namespace deepaxe::calibrate {
namespace {

using model::FloatNode;

class Lowering {
 public:
  explicit Lowering(const model::FloatModel& source) : source_(source) {
    result_.name = source.name;
  }

  model::FloatModel run() {
    for (std::size_t i = 0; i < source_.nodes.size(); ++i) {
      FloatNode node = source_.nodes[i];
      for (int& input : node.inputs) input = new_index_[static_cast<std::size_t>(input)];
      index_ = static_cast<int>(i);
      new_index_.push_back(std::visit([&](const auto& op) { return rewrite(node, op); }, node.op));
    }
    result_.output = new_index_.at(static_cast<std::size_t>(source_.output));
    model::validate(result_, result_.name);
    return std::move(result_);
  }

 private:
  [[noreturn]] void refuse(const FloatNode& node, const std::string& found) const {
    throw base::InputError({.file = source_.name,
                            .place = "layer " + node.name,
                            .found = found,
                            .expected = "a layer with an int8 form"});
  }

  const model::Shape& input_shape(const FloatNode& node) const {
    return result_.nodes[static_cast<std::size_t>(node.inputs.at(0))].shape;
  }

  int add(FloatNode node) {
    result_.nodes.push_back(std::move(node));
    return static_cast<int>(result_.nodes.size()) - 1;
  }

  int add(std::string name, model::Op op, std::vector<int> inputs, model::Shape shape) {
    FloatNode node;
    node.name = std::move(name);
    node.op = std::move(op);
    node.inputs = std::move(inputs);
    node.shape = std::move(shape);
    return add(std::move(node));
  }

  // Ops that are kept as they are; every other type has an overload.
  template <typename Op>
  int rewrite(FloatNode& node, const Op&) {
    return add(std::move(node));
  }

  // `same` padding and none stay; others become a Pad of their own. Windows of pools are not
  // touched: their padding is no value.
  template <typename Op>
  int rewrite_padding(FloatNode& node, Op op) {
    model::Window& w = op.window;
    const model::Shape in = input_shape(node);
    model::Window same = w;
    model::set_same_padding(same, in[0], in[1]);
    const bool none = w.pad_top == 0 && w.pad_bottom == 0 && w.pad_left == 0 && w.pad_right == 0;
    if (w != same && !none) {
      const model::Pad pad =
          model::make_image_pad(w.pad_top, w.pad_bottom, w.pad_left, w.pad_right);
      const model::Shape padded{in[0] + w.pad_top + w.pad_bottom, in[1] + w.pad_left + w.pad_right,
                                in[2]};
      node.inputs = {add(node.name + "/pad", pad, node.inputs, padded)};
      w.pad_top = w.pad_bottom = w.pad_left = w.pad_right = 0;
      node.op = op;
    }
    return add(std::move(node));
  }
  int rewrite(FloatNode& node, const model::Conv2d& op) { return rewrite_padding(node, op); }
  int rewrite(FloatNode& node, const model::DepthwiseConv2d& op) {
    return rewrite_padding(node, op);
  }

  // An average over the whole image may rescale, unlike other pools: its values spread far less.
  int rewrite(FloatNode& node, const model::Pool& op) {
    const model::Shape in = input_shape(node);
    const model::Window whole{.kernel_h = in[0],
                              .kernel_w = in[1],
                              .stride_h = op.window.stride_h,
                              .stride_w = op.window.stride_w};
    if (op.kind == model::PoolKind::kAverage && op.window == whole) {
      node.op = model::GlobalPool{.kind = model::PoolKind::kAverage};
    }
    return add(std::move(node));
  }

  int rewrite(FloatNode& node, const model::Activate& op) {
    if (op.activation.kind == model::ActivationKind::kNone) return node.inputs.at(0);
    if (op.activation.threshold != 0) {
      refuse(node, fmt::format("relu with threshold {}", op.activation.threshold));
    }
    const bool is_leaky = op.activation.negative_slope != 0;
    if (is_leaky && op.activation.has_max) {
      refuse(node, fmt::format("relu with slope {} and maximum {}", op.activation.negative_slope,
                               op.activation.max_value));
    }
    return add(std::move(node));
  }

  int rewrite(FloatNode& node, const model::Arithmetic& op) {
    if (op.constant != model::ConstantOperand::kNone) return add(std::move(node));
    int sum = node.inputs.at(0);
    for (std::size_t i = 1; i + 1 < node.inputs.size(); ++i) {
      sum = add(fmt::format("{}/{}", node.name, i), model::Arithmetic{}, {sum, node.inputs[i]},
                node.shape);
    }
    node.inputs = {sum, node.inputs.back()};
    return add(std::move(node));
  }

  // The output of tanh, sigmoid and softmax has a quantization of its own, which TFLite's
  // concatenation cannot change: a rescaling stands between.
  int rewrite(FloatNode& node, const model::Concatenate&) {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const FloatNode& source = result_.nodes[static_cast<std::size_t>(node.inputs[i])];
      if (!has_fixed_quantization(source.op)) continue;
      node.inputs[i] = add(fmt::format("{}/rescale_{}", node.name, i), model::Activate{},
                           {node.inputs[i]}, source.shape);
    }
    return add(std::move(node));
  }

  int rewrite(FloatNode& node, const model::Affine&) {
    const model::Shape shape = node.shape;
    node.op = model::DepthwiseConv2d{};
    if (shape.size() == 3) return add(std::move(node));
    const std::string name = node.name;
    const int channels = model::num_channels(shape);
    node.shape = {1, static_cast<int>(model::num_elements(shape)) / channels, channels};
    node.inputs = {add(name + "/image", model::Reshape{}, node.inputs, node.shape)};
    return add(name + "/shape", model::Reshape{}, {add(std::move(node))}, shape);
  }

  const model::FloatModel& source_;
  model::FloatModel result_;
  std::vector<int> new_index_;  // Of each node of the source.
  int index_ = 0;               // Of the node being rewritten, in the source.
};

}  // namespace

model::FloatModel lower(const model::FloatModel& model) {
  model::validate(model, model.name);
  return Lowering(model).run();
}

}  // namespace deepaxe::calibrate
