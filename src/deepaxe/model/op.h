// Op: what a node of the network computes, without its weights. Tensors are NHWC, weights as
// TFLite.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

namespace deepaxe::model {

/// A sliding window. Padding is explicit (already worked out from `same` or `valid`).
struct Window {
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;

  bool operator==(const Window&) const = default;
};

/// Output size along one axis: (in + pads - ((kernel - 1) * dilation + 1)) / stride + 1.
int window_output_size(int in, int kernel, int stride, int dilation, int pad_before,
                       int pad_after) noexcept;
/// Keras and TFLite `same`: output ceil(in / stride), the odd padding element after.
void set_same_padding(Window& window, int in_h, int in_w) noexcept;

enum class ActivationKind {
  kNone,  ///< linear
  kRelu,  ///< x < threshold ? negative_slope * (x - threshold) : min(x, max_value)
  kTanh,
  kSigmoid,
  kHardSwish,  ///< x * relu6(x + 3) / 6
};

/// A pointwise function. relu6 is kRelu with max_value 6; LeakyReLU has a negative_slope.
struct Activation {
  ActivationKind kind = ActivationKind::kNone;
  float max_value = 0;  ///< kRelu: upper bound where `has_max`.
  bool has_max = false;
  float negative_slope = 0;
  float threshold = 0;

  bool operator==(const Activation&) const = default;
};

enum class PoolKind { kMax, kAverage };

struct Input {};
struct Conv2d {  ///< Weights [out, kernel_h, kernel_w, in / groups].
  Window window{};
  int groups = 1;
};
struct DepthwiseConv2d {  ///< Weights [kernel_h, kernel_w, in * depth_multiplier].
  Window window{};
  int depth_multiplier = 1;
};
struct Dense {};  ///< Over the last axis. Weights [out, in].
struct Pool {     ///< Averages leave padding out of the count.
  PoolKind kind = PoolKind::kMax;
  Window window{};
};
struct GlobalPool {  ///< [h, w, c] to [c], or to [1, 1, c] with keepdims: the node's shape tells.
  PoolKind kind = PoolKind::kAverage;
};
struct Reshape {};  ///< Same elements, same memory, the node's shape.
struct Permute {    ///< Output axis i is input axis `axes[i]` (0-based, batch left out).
  std::vector<int> axes{};
};
struct Activate {
  Activation activation{};
};
struct Prelu {};    ///< Slopes in `weights`: one a channel, [c], or shaped as the input.
struct Softmax {};  ///< Over the last axis.
struct Pad {        ///< By axis, batch left out; each >= 0.
  std::vector<int> before{}, after{};
  float value = 0;  ///< Of int8 models, what a code of the tensor stands for.
};
struct Slice {  ///< By axis: elements begin, begin + stride... `size` of them; stride >= 1.
  std::vector<int> begin{}, size{}, stride{};
};

enum class ArithmeticKind { kAdd, kSubtract, kMultiply };
enum class ConstantOperand { kNone, kFirst, kSecond };
/// Of two tensors, or of one and a constant; they broadcast to the node's shape by numpy's rules.
/// Float additions without a constant take two or more tensors of equal shape.
struct Arithmetic {
  ArithmeticKind kind = ArithmeticKind::kAdd;
  ConstantOperand constant = ConstantOperand::kNone;
  std::vector<int> constant_shape{};  ///< Of the constant, which stands in `weights`.
};
struct Concatenate {  ///< Axis with the batch left out, >= 0.
  int axis = 0;
};
struct Affine {};  ///< x * weights[c] + bias[c]: BatchNormalization left unfolded, Rescaling.

using Op = std::variant<Input, Conv2d, DepthwiseConv2d, Dense, Pool, GlobalPool, Reshape, Permute,
                        Activate, Prelu, Softmax, Pad, Slice, Arithmetic, Concatenate, Affine>;

/// Of an image [h, w, c]: padding with real 0, and the part that is left when borders are cut off.
Pad make_image_pad(int top, int bottom, int left, int right);
Slice make_image_crop(const std::vector<int>& image, int top, int bottom, int left, int right);

/// "conv2d", "max_pool"...: the name printed and stored.
std::string_view op_name(const Op& op) noexcept;

/// Convolution, depthwise convolution, dense: the only ops that multiply.
bool is_computing(const Op& op) noexcept;

}  // namespace deepaxe::model
