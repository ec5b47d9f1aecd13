#include "deepaxe/model/op.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace deepaxe::model {
namespace {

struct NameOf {
  std::string_view operator()(const Input&) const { return "input"; }
  std::string_view operator()(const Conv2d&) const { return "conv2d"; }
  std::string_view operator()(const DepthwiseConv2d&) const { return "depthwise_conv2d"; }
  std::string_view operator()(const Dense&) const { return "dense"; }
  std::string_view operator()(const Pool& op) const {
    return op.kind == PoolKind::kMax ? "max_pool" : "average_pool";
  }
  std::string_view operator()(const GlobalPool& op) const {
    return op.kind == PoolKind::kMax ? "global_max_pool" : "global_average_pool";
  }
  std::string_view operator()(const Reshape&) const { return "reshape"; }
  std::string_view operator()(const Permute&) const { return "permute"; }
  std::string_view operator()(const Activate& op) const {
    switch (op.activation.kind) {
      case ActivationKind::kNone:
        return "linear";
      case ActivationKind::kRelu:
        return "relu";
      case ActivationKind::kTanh:
        return "tanh";
      case ActivationKind::kSigmoid:
        return "sigmoid";
      case ActivationKind::kHardSwish:
        return "hard_swish";
    }
    return "activate";
  }
  std::string_view operator()(const Prelu&) const { return "prelu"; }
  std::string_view operator()(const Softmax&) const { return "softmax"; }
  std::string_view operator()(const Pad&) const { return "pad"; }
  std::string_view operator()(const Slice&) const { return "slice"; }
  std::string_view operator()(const Arithmetic& op) const {
    switch (op.kind) {
      case ArithmeticKind::kAdd:
        return "add";
      case ArithmeticKind::kSubtract:
        return "subtract";
      case ArithmeticKind::kMultiply:
        return "multiply";
    }
    return "arithmetic";
  }
  std::string_view operator()(const Concatenate&) const { return "concatenate"; }
  std::string_view operator()(const Affine&) const { return "affine"; }
};

struct Padding {
  int before = 0, after = 0;
};

// Elements from the first that a window reads to the last.
std::int64_t window_extent(int kernel, int dilation) noexcept {
  return (std::int64_t{kernel} - 1) * dilation + 1;
}

int saturate(std::int64_t value) noexcept {
  return static_cast<int>(std::min<std::int64_t>(value, std::numeric_limits<int>::max()));
}

// Saturates where no sound network comes near; infer_shape refuses such a window.
Padding same_padding(int in, int kernel, int stride, int dilation) noexcept {
  const std::int64_t out = (std::int64_t{in} + stride - 1) / stride;
  const std::int64_t total =
      std::max<std::int64_t>(0, (out - 1) * stride + window_extent(kernel, dilation) - in);
  return {.before = saturate(total / 2), .after = saturate(total - total / 2)};
}

}  // namespace

int window_output_size(int in, int kernel, int stride, int dilation, int pad_before,
                       int pad_after) noexcept {
  const std::int64_t room =
      std::int64_t{in} + pad_before + pad_after - window_extent(kernel, dilation);
  return room < 0 ? 0
                  : saturate(room / stride + 1);  // C++ would round a negative room towards zero.
}

void set_same_padding(Window& window, int in_h, int in_w) noexcept {
  const Padding h = same_padding(in_h, window.kernel_h, window.stride_h, window.dilation_h);
  const Padding w = same_padding(in_w, window.kernel_w, window.stride_w, window.dilation_w);
  window.pad_top = h.before;
  window.pad_bottom = h.after;
  window.pad_left = w.before;
  window.pad_right = w.after;
}

Pad make_image_pad(int top, int bottom, int left, int right) {
  return {.before = {top, left, 0}, .after = {bottom, right, 0}};
}

Slice make_image_crop(const std::vector<int>& image, int top, int bottom, int left, int right) {
  return {.begin = {top, left, 0},
          .size = {image.at(0) - top - bottom, image.at(1) - left - right, image.at(2)},
          .stride = {1, 1, 1}};
}

std::string_view op_name(const Op& op) noexcept { return std::visit(NameOf{}, op); }

bool is_computing(const Op& op) noexcept {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<DepthwiseConv2d>(op) ||
         std::holds_alternative<Dense>(op);
}

}  // namespace deepaxe::model
