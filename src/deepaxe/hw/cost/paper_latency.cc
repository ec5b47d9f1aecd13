#include "deepaxe/hw/cost/paper_latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace deepaxe::hw::cost {
namespace {

using model::Int8Node;

// What tells the networks apart: the layers that take cycles, with their output shapes.
constexpr std::array<std::string_view, 8> kLenet5 = {
    "input 784",      "conv 5x5 24x24x6", "maxpool 12x12x6", "conv 5x5 8x8x16",
    "maxpool 4x4x16", "dense 120",        "dense 84",        "dense 10"};
constexpr std::array<std::string_view, 13> kAlexnet = {
    "input 3072",       "conv 3x3 32x32x48", "maxpool 16x16x48", "conv 3x3 16x16x96",
    "maxpool 8x8x96",   "conv 3x3 8x8x192",  "conv 3x3 8x8x192", "maxpool 4x4x192",
    "conv 3x3 4x4x256", "maxpool 2x2x256",   "dense 512",        "dense 256",
    "dense 10"};
constexpr std::array<std::string_view, 4> kMlp3 = {"input 784", "dense 256", "dense 256",
                                                   "dense 10"};

// Cycles per output of a convolution = per_channel * input channels + per_output.
struct Law {
  std::string_view network;
  std::int64_t per_channel = 0;
  std::int64_t per_output = 0;
  std::int64_t constant = 0;
};
constexpr Law kLenet5Law = {"LeNet-5", 1, 6, 30};
constexpr Law kAlexnetLaw = {"AlexNet", 3, 8, 32};
// The first dense layer of the MLP takes 1,558 cycles in all instead of what the law of dense
// layers says; no reason is known. It stands for the constant.
constexpr Law kMlp3Law = {"3-layer MLP", 0, 0, 1558};

// One of the two middle 8x8x192 convolutions of the exact AlexNet takes 9 + 3c instead of 8 + 3c
// cycles per output, and does not with 1KVP. Both have the same number of outputs, so nothing tells
// which one; it is taken to be the first.
constexpr std::size_t kSlowAlexnetLayer = 2;

const Int8Node& input_of(const model::Int8Model& model, const Int8Node& node) {
  return model.nodes[static_cast<std::size_t>(node.inputs.at(0))];
}

// The window of a full convolution; null for any other op. TFLite stores a convolution of one input
// channel as a depthwise one.
const model::Window* full_convolution(const model::Int8Model& model, const Int8Node& node) {
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    return conv->groups == 1 ? &conv->window : nullptr;
  }
  const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op);
  if (depthwise == nullptr || model::num_channels(input_of(model, node).shape) != 1) return nullptr;
  return &depthwise->window;
}

std::string signature(const model::Int8Model& model, const Int8Node& node) {
  const std::string shape = model::to_string(node.shape);
  if (std::holds_alternative<model::Input>(node.op)) {
    return fmt::format("input {}", model::num_elements(node.shape));
  }
  if (const model::Window* window = full_convolution(model, node)) {
    return fmt::format("conv {}x{} {}", window->kernel_h, window->kernel_w, shape);
  }
  const auto* pool = std::get_if<model::Pool>(&node.op);
  if (pool != nullptr && pool->kind == model::PoolKind::kMax && pool->window.kernel_h == 2 &&
      pool->window.kernel_w == 2) {
    return "maxpool " + shape;
  }
  return fmt::format("{} {}", model::op_name(node.op), shape);
}

// Reshape and softmax take no cycles of their own in the law.
bool is_counted(const Int8Node& node) {
  return !std::holds_alternative<model::Reshape>(node.op) &&
         !std::holds_alternative<model::Softmax>(node.op);
}

std::optional<Law> law_of(const model::Int8Model& model) {
  std::vector<std::string> layers;
  for (const Int8Node& node : model.nodes) {
    if (is_counted(node)) layers.push_back(signature(model, node));
  }
  if (std::ranges::equal(layers, kLenet5)) return kLenet5Law;
  if (std::ranges::equal(layers, kAlexnet)) return kAlexnetLaw;
  if (std::ranges::equal(layers, kMlp3)) return kMlp3Law;
  return std::nullopt;
}

std::int64_t elements(const model::Shape& shape) {
  return static_cast<std::int64_t>(model::num_elements(shape));
}

// Flattening x * y * z elements, channels innermost: a start of 2 cycles at each of three levels.
std::int64_t flatten_cycles(const model::Shape& shape) {
  if (shape.size() != 3) return 0;
  return shape[0] * (2 + std::int64_t{shape[1]} * (2 + 2 * std::int64_t{shape[2]}));
}

// The shape before the reshape, where there is one.
const model::Shape& last_image_shape(const model::Int8Model& model, const Int8Node& node) {
  const Int8Node* source = &input_of(model, node);
  while (std::holds_alternative<model::Reshape>(source->op)) source = &input_of(model, *source);
  return source->shape;
}

using Paces = std::array<std::int64_t, 2>;  // Cycles of a layer: slow, fast.

Paces conv_cycles(const model::Int8Model& model, const Law& law, const Int8Node& node,
                  std::size_t layer) {
  const bool is_odd = law.network == kAlexnetLaw.network && layer == kSlowAlexnetLayer;
  const std::int64_t in_channels = model::num_channels(input_of(model, node).shape);
  const std::int64_t cycles =
      elements(node.shape) * (law.per_channel * in_channels + law.per_output);
  return {cycles + (is_odd ? elements(node.shape) : 0), cycles};
}

Paces dense_cycles(const model::Int8Model& model, const Law& law, const Int8Node& node,
                   bool is_first_dense) {
  if (is_first_dense && law.network == kMlp3Law.network) return {0, 0};  // In the constant.
  const std::int64_t flatten = is_first_dense ? flatten_cycles(last_image_shape(model, node)) : 0;
  const auto cycles = [&](std::int64_t per_product) {
    return elements(node.shape) * (per_product * elements(input_of(model, node).shape) + 3) +
           flatten;
  };
  return {cycles(4), cycles(3)};
}

}  // namespace

PaperPace paper_pace(const arith::NamedMultiplier& multiplier) {
  static const std::string kv8 = arith::find_multiplier("1KV8")->multiplier.identity();
  static const std::string kv9 = arith::find_multiplier("1KV9")->multiplier.identity();
  static const std::string kvp = arith::find_multiplier("1KVP")->multiplier.identity();
  const std::string& identity = multiplier.multiplier.identity();
  if (identity == kvp) return PaperPace::kFast;
  const bool is_slow = multiplier.multiplier.is_exact() || identity == kv8 || identity == kv9;
  return is_slow ? PaperPace::kSlow : PaperPace::kUnknown;
}

PaperLaw::PaperLaw(const model::Int8Model& model) {
  const std::optional<Law> law = law_of(model);
  if (!law) return;
  network_ = law->network;
  fixed_cycles_ = law->constant;
  bool has_dense = false;
  for (const Int8Node& node : model.nodes) {
    if (full_convolution(model, node) != nullptr) {
      layer_cycles_.push_back(conv_cycles(model, *law, node, layer_cycles_.size()));
    } else if (std::holds_alternative<model::Dense>(node.op)) {
      layer_cycles_.push_back(dense_cycles(model, *law, node, !std::exchange(has_dense, true)));
    } else if (std::holds_alternative<model::Pool>(node.op)) {
      fixed_cycles_ += 2 * elements(node.shape);
    }
  }
}

void PaperLaw::Sum::add_layer(PaperPace pace) noexcept {
  is_known_ = is_known_ && pace != PaperPace::kUnknown;
  if (layer_ < law_.layer_cycles_.size()) {
    cycles_ += law_.layer_cycles_[layer_++][pace == PaperPace::kFast ? 1 : 0];
  }
}

std::optional<std::int64_t> PaperLaw::Sum::cycles() const noexcept {
  if (law_.network_.empty() || !is_known_) return std::nullopt;
  return cycles_;
}

std::optional<std::int64_t> PaperLaw::cycles(LayerMultipliers multipliers) const {
  Sum all = sum();
  for (const arith::NamedMultiplier* multiplier : multipliers) {
    all.add_layer(paper_pace(*multiplier));
  }
  return all.cycles();
}

std::string PaperLaw::source(LayerMultipliers multipliers) const {
  if (network_.empty()) {
    return "undefined: the paper's latency law is known only for its LeNet-5, AlexNet and 3-layer "
           "MLP";
  }
  for (const arith::NamedMultiplier* multiplier : multipliers) {
    if (paper_pace(*multiplier) != PaperPace::kUnknown) continue;
    return fmt::format("undefined: the paper has no cycles for {} (only exact, 1KV8, 1KV9, 1KVP)",
                       multiplier->name);
  }
  return fmt::format(
      "latency law of the DeepAxe paper (ISQED 2023) for {}, recovered from its printed cycles; "
      "sequential",
      network_);
}

}  // namespace deepaxe::hw::cost
