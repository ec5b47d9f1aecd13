// Content key: everything of an int8 model that can change a result, hashed in a fixed order.
#include <bit>
#include <span>

#include "deepaxe/base/sha256.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::model {
namespace {

static_assert(std::endian::native == std::endian::little, "keys are hashed little-endian");

// Every array is preceded by its length, so that no two models give the same bytes.
class Hasher {
 public:
  template <typename T>
  void add(std::span<const T> values) {
    add_int(static_cast<std::int64_t>(values.size()));
    hash_.add(std::as_bytes(values));
  }
  void add_int(std::int64_t value) { hash_.add(std::as_bytes(std::span(&value, 1))); }
  void add_ints(std::initializer_list<int> values) {
    for (const int value : values) add_int(value);
  }
  void add_float(float value) { hash_.add(std::as_bytes(std::span(&value, 1))); }
  void add_window(const Window& w) {
    add_ints({w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.pad_top,
              w.pad_bottom, w.pad_left, w.pad_right});
  }
  void add_activation(const Activation& activation) {
    add_ints({static_cast<int>(activation.kind), activation.has_max ? 1 : 0});
    add_float(activation.max_value);
    add_float(activation.negative_slope);
    add_float(activation.threshold);
  }
  std::string hex() { return hash_.hex(); }

 private:
  base::Sha256 hash_;
};

struct AddParameters {
  Hasher& hasher;

  void operator()(const Conv2d& op) const {
    hasher.add_window(op.window);
    hasher.add_int(op.groups);
  }
  void operator()(const DepthwiseConv2d& op) const {
    hasher.add_window(op.window);
    hasher.add_int(op.depth_multiplier);
  }
  void operator()(const Pool& op) const {
    hasher.add_int(static_cast<int>(op.kind));
    hasher.add_window(op.window);
  }
  void operator()(const GlobalPool& op) const { hasher.add_int(static_cast<int>(op.kind)); }
  void operator()(const Permute& op) const { hasher.add(std::span<const int>(op.axes)); }
  void operator()(const Activate& op) const { hasher.add_activation(op.activation); }
  void operator()(const Pad& op) const {
    hasher.add(std::span<const int>(op.before));
    hasher.add(std::span<const int>(op.after));
    hasher.add_float(op.value);
  }
  void operator()(const Slice& op) const {
    hasher.add(std::span<const int>(op.begin));
    hasher.add(std::span<const int>(op.stride));
  }
  void operator()(const Arithmetic& op) const {
    hasher.add_ints({static_cast<int>(op.kind), static_cast<int>(op.constant)});
    hasher.add(std::span<const int>(op.constant_shape));
  }
  void operator()(const Concatenate& op) const { hasher.add_int(op.axis); }
  template <typename Other>
  void operator()(const Other&) const {}
};

void add_node(Hasher& hasher, const Int8Node& node) {
  hasher.add_int(static_cast<std::int64_t>(node.op.index()));
  std::visit(AddParameters{hasher}, node.op);
  hasher.add(std::span<const int>(node.inputs));
  hasher.add(std::span<const int>(node.shape));
  hasher.add_float(node.quant.scale);
  hasher.add_int(node.quant.zero_point);
  hasher.add(std::span<const std::int8_t>(node.weights));
  const bool has_constant = !node.weights.empty() && !is_computing(node.op);
  if (has_constant) {
    hasher.add_float(node.constant_quant.scale);
    hasher.add_int(node.constant_quant.zero_point);
  }
  hasher.add(std::span<const float>(node.weight_scales));
  hasher.add(std::span<const std::int32_t>(node.bias));
  hasher.add_activation(node.activation);
  hasher.add_ints({node.clamp_low, node.clamp_high, static_cast<int>(node.rounding)});
}

}  // namespace

std::string content_key(const Int8Model& model) {
  Hasher hasher;
  hasher.add_int(static_cast<std::int64_t>(model.nodes.size()));
  hasher.add_int(model.output);
  for (const Int8Node& node : model.nodes) add_node(hasher, node);
  return hasher.hex();
}

}  // namespace deepaxe::model
