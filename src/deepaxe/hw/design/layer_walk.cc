#include "deepaxe/hw/design/layer_walk.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <numeric>
#include <variant>

#include "deepaxe/base/assertion.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

// Stages between the read of a layer's last element and the write of its last code, as the modules
// count them.
constexpr int kEngineStages = 4;       // engine.v: memory, operands, products, sums.
constexpr int kRequantizerStages = 4;  // requantizer.v, besides `interval`.
constexpr int kMaxPoolStages = 2;
constexpr int kAveragePoolStages = 4;
constexpr int kMeanStages = 2;  // Before the requantizer.
constexpr int kPointwiseStages = 2;
constexpr int kArithmeticStages = 3;  // Before the requantizer.
constexpr int kConcatenateStages = 2;

// The requantizer takes the cycles that there are: the more, the smaller its multiplier. Its digits
// of 31 / interval bits, rounded up, leave no interval between these worth having.
int longest_interval(int depth, int lanes) {
  constexpr std::array kIntervals = {31, 16, 11, 8, 6, 4, 3, 2};
  for (const int interval : kIntervals) {
    if (interval * lanes <= depth) return interval;
  }
  return 1;
}

void set_computing(LayerWalk& walk, const Int8Node& node, int parallel_outputs) {
  walk.kind = LayerKind::kComputing;
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    walk.window = conv->window;
    walk.sets = conv->groups;
  } else if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op)) {
    walk.window = depthwise->window;
    walk.sets = walk.in.channels;
  }
  walk.set_channels = walk.in.channels / walk.sets;
  walk.set_outputs = walk.out.channels / walk.sets;
  walk.lanes = std::min(parallel_outputs, walk.set_outputs);
  walk.interval = longest_interval(walk.depth(), walk.lanes);
}

void set_pool(LayerWalk& walk, LayerKind kind, const model::Window& window) {
  walk.kind = kind;
  walk.window = window;
  walk.sets = walk.in.channels;
}

}  // namespace

ImageShape image_shape(const model::Shape& shape) {
  ImageShape image{.rows = 1, .columns = 1, .channels = model::num_channels(shape)};
  if (shape.size() < 2) return image;
  image.rows = shape.front();
  image.columns = std::accumulate(shape.begin() + 1, shape.end() - 1, 1, std::multiplies<>());
  return image;
}

int index_bits(std::int64_t count) noexcept {
  return count < 2 ? 1 : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count - 1)));
}

int LayerWalk::sum_bits() const noexcept {
  return std::min(32, 16 + (depth() > 1 ? index_bits(depth()) : 0));
}

int LayerWalk::period() const noexcept { return std::max(depth(), lanes * interval); }

std::int64_t LayerWalk::row_cycles() const noexcept {
  return std::int64_t{out.columns} * sets * groups() * period();
}

int LayerWalk::latency() const noexcept {
  switch (kind) {
    case LayerKind::kComputing:
      return kEngineStages + kRequantizerStages + interval + (last_lanes() - 1) * interval;
    case LayerKind::kMaxPool:
      return kMaxPoolStages;
    case LayerKind::kAveragePool:
      return kAveragePoolStages;
    case LayerKind::kMean:
      return kMeanStages + kRequantizerStages + interval;
    case LayerKind::kPointwise:
      return kPointwiseStages;
    case LayerKind::kArithmetic:
      return kArithmeticStages + kRequantizerStages + interval;
    case LayerKind::kConcatenate:
      return kConcatenateStages;
  }
  return 0;
}

bool LayerWalk::is_padded() const noexcept {
  const int last_row =
      (out.rows - 1) * window.stride_h + (window.kernel_h - 1) * window.dilation_h - window.pad_top;
  const int last_column = (out.columns - 1) * window.stride_w +
                          (window.kernel_w - 1) * window.dilation_w - window.pad_left;
  return window.pad_top > 0 || window.pad_left > 0 || last_row >= in.rows ||
         last_column >= in.columns;
}

std::int64_t LayerWalk::image_cycles() const noexcept {
  return out.rows * row_cycles() - (period() - depth()) + latency();
}

LayerWalk layer_walk(const Int8Model& model, int index, int parallel_outputs) {
  DEEPAXE_ASSERT(parallel_outputs >= 1);
  const Int8Node& node = model.nodes.at(static_cast<std::size_t>(index));
  LayerWalk walk;
  walk.in = image_shape(model.nodes.at(static_cast<std::size_t>(node.inputs.at(0))).shape);
  walk.out = image_shape(node.shape);
  if (model::is_computing(node.op)) {
    set_computing(walk, node, parallel_outputs);
  } else if (const auto* pool = std::get_if<model::Pool>(&node.op)) {
    set_pool(walk,
             pool->kind == model::PoolKind::kMax ? LayerKind::kMaxPool : LayerKind::kAveragePool,
             pool->window);
  } else if (const auto* global = std::get_if<model::GlobalPool>(&node.op)) {
    set_pool(walk, global->kind == model::PoolKind::kMax ? LayerKind::kMaxPool : LayerKind::kMean,
             {.kernel_h = walk.in.rows, .kernel_w = walk.in.columns});
    walk.out = {.rows = 1, .columns = 1, .channels = walk.in.channels};
    if (walk.kind == LayerKind::kMean) walk.interval = longest_interval(walk.depth(), 1);
  } else {
    walk.sets = walk.out.channels;
    if (std::holds_alternative<model::Arithmetic>(node.op) ||
        std::holds_alternative<model::Prelu>(node.op)) {
      walk.kind = LayerKind::kArithmetic;
    }
    if (std::holds_alternative<model::Concatenate>(node.op)) walk.kind = LayerKind::kConcatenate;
  }
  return walk;
}

}  // namespace deepaxe::hw::design
