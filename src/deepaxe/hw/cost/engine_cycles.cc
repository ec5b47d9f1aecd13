#include "deepaxe/hw/cost/engine_cycles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <variant>

namespace deepaxe::hw::cost {
namespace {

using model::Int8Model;
using model::Int8Node;

constexpr std::int64_t kPipelineCycles = 4;  // Address, read, multiply, accumulate or compare.

std::int64_t elements(const Int8Node& node) {
  return static_cast<std::int64_t>(model::num_elements(node.shape));
}

const Int8Node& input_of(const Int8Model& model, const Int8Node& node) {
  return model.nodes[static_cast<std::size_t>(node.inputs.at(0))];
}

// A computing layer as loops: for each position, for each set of channels that read the same
// inputs, for each group of lanes, `depth` products.
struct Loops {
  std::int64_t positions = 0;
  std::int64_t sets = 0;
  std::int64_t channels_per_set = 0;
  std::int64_t depth = 0;
};

Loops loops_of(const Int8Model& model, const Int8Node& node) {
  const std::int64_t channels = model::num_channels(node.shape);
  const std::int64_t in_channels = model::num_channels(input_of(model, node).shape);
  Loops loops{.positions = elements(node) / channels,
              .sets = 1,
              .channels_per_set = channels,
              .depth = in_channels};
  if (const auto* conv = std::get_if<model::Conv2d>(&node.op)) {
    loops.sets = conv->groups;
    loops.channels_per_set = channels / conv->groups;
    loops.depth = in_channels / conv->groups * conv->window.kernel_h * conv->window.kernel_w;
  } else if (const auto* depthwise = std::get_if<model::DepthwiseConv2d>(&node.op)) {
    loops.sets = in_channels;
    loops.channels_per_set = depthwise->depth_multiplier;
    loops.depth = std::int64_t{depthwise->window.kernel_h} * depthwise->window.kernel_w;
  }
  return loops;
}

std::int64_t computing_cycles(const Loops& loops, std::int64_t lanes) {
  const std::int64_t full_groups = loops.channels_per_set / lanes;
  const std::int64_t rest = loops.channels_per_set % lanes;
  std::int64_t per_set = full_groups * std::max(loops.depth, lanes);
  if (rest > 0) per_set += std::max(loops.depth, rest);
  const std::int64_t last_group = rest > 0 ? rest : lanes;
  return loops.positions * loops.sets * per_set + last_group - 1 + kPipelineCycles;
}

}  // namespace

std::int64_t engine_layer_cycles(const Int8Model& model, int node_index, int parallel_outputs) {
  if (parallel_outputs < 1) {
    throw std::invalid_argument(
        fmt::format("{} parallel outputs, expected at least 1", parallel_outputs));
  }
  const Int8Node& node = model.nodes.at(static_cast<std::size_t>(node_index));
  if (std::holds_alternative<model::Input>(node.op) ||
      std::holds_alternative<model::Reshape>(node.op) ||
      std::holds_alternative<model::Softmax>(node.op)) {
    return 0;
  }
  if (model::is_computing(node.op))
    return computing_cycles(loops_of(model, node), parallel_outputs);
  if (const auto* pool = std::get_if<model::Pool>(&node.op)) {
    return elements(node) * pool->window.kernel_h * pool->window.kernel_w + kPipelineCycles;
  }
  if (std::holds_alternative<model::GlobalPool>(node.op)) {
    return elements(input_of(model, node)) + kPipelineCycles;
  }
  if (std::holds_alternative<model::Arithmetic>(node.op)) {
    return elements(node) * static_cast<std::int64_t>(node.inputs.size()) + kPipelineCycles;
  }
  return elements(node) + kPipelineCycles;
}

std::int64_t engine_cycles(const Int8Model& model, int parallel_outputs) {
  std::int64_t sum = 1;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    sum += engine_layer_cycles(model, static_cast<int>(i), parallel_outputs);
  }
  return sum;
}

std::string engine_cycles_source(int parallel_outputs) {
  return fmt::format(
      "schedule of a sequential engine with {} output{} in parallel; within 0.3 % of a measured "
      "Verilog engine on LeNet-5 (1 to 16 outputs), elsewhere not compared",
      parallel_outputs, parallel_outputs == 1 ? "" : "s");
}

}  // namespace deepaxe::hw::cost
