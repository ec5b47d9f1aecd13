#include "deepaxe/hw/cost/layer_features.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/requantizer_shape.h"

namespace deepaxe::hw::cost {
namespace {

constexpr double kMostConstantBits = 4096;  // Of a memory.
constexpr int kFactorBits = 32;             // Mantissa and shift.

using design::index_bits;

int loop_bits(const design::LayerWalk& walk) {
  int bits = 0;
  for (const int count : {walk.out.rows, walk.out.columns, walk.sets, walk.groups(),
                          walk.window.kernel_h, walk.window.kernel_w, walk.set_channels}) {
    if (count > 1) bits += index_bits(count);
  }
  return bits;
}

bool has_module(const model::Int8Node& node) {
  return !std::holds_alternative<model::Input>(node.op) &&
         !std::holds_alternative<model::Reshape>(node.op) &&
         !std::holds_alternative<model::Softmax>(node.op);
}

bool is_requantized(design::LayerKind kind) {
  return kind == design::LayerKind::kComputing || kind == design::LayerKind::kMean ||
         kind == design::LayerKind::kArithmetic;
}

// Biases are taken to have the bits of a sum, as when the form was fitted, unless one is wider.
double constant_bits(const design::LayerWalk& walk, const design::RequantizerShape& requantizer) {
  const double channels = walk.out.channels;
  const double biases = std::min(channels * requantizer.wider_bits(), kMostConstantBits);
  return biases +
         (requantizer.has_one_scale ? 0 : std::min(channels * kFactorBits, kMostConstantBits));
}

}  // namespace

LayerFeatures layer_features(const model::Int8Model& model, int node, int parallel_outputs) {
  const design::LayerWalk walk = design::layer_walk(model, node, parallel_outputs);
  const bool computes = walk.kind == design::LayerKind::kComputing;
  const int inputs = index_bits(std::int64_t{walk.in.rows} * walk.in.row_size());
  const int weights =
      computes ? index_bits(std::int64_t{walk.sets} * walk.groups() * walk.depth()) : 0;
  const double lanes = computes ? walk.lanes : 0;
  const design::RequantizerShape requantizer = design::requantizer_shape(model, node, walk);
  const int digit = is_requantized(walk.kind) ? requantizer.digit_bits(walk.interval) : 0;
  return {
      walk.kind,
      {1, lanes, lanes * walk.sum_bits(), static_cast<double>(loop_bits(walk)),
       static_cast<double>(inputs + weights), static_cast<double>(digit * requantizer.wider_bits()),
       computes ? constant_bits(walk, requantizer) : 0,
       requantizer.has_one_scale ? 0.0 : kFactorBits}};
}

std::array<double, kFeatureNames.size()> core_features(const model::Int8Model& model) {
  int memories = 0, layers = 0, bits = 0;
  for (const model::Int8Node& node : model.nodes) {
    const bool is_input = std::holds_alternative<model::Input>(node.op);
    if (!has_module(node) && !is_input) continue;
    const design::ImageShape shape = design::image_shape(node.shape);
    ++memories;
    layers += is_input ? 0 : 1;
    bits += index_bits(std::int64_t{shape.rows} * shape.row_size()) + index_bits(shape.row_size()) +
            index_bits(std::int64_t{shape.rows} + 1);
  }
  return {1,
          static_cast<double>(memories),
          0,
          static_cast<double>(layers),
          static_cast<double>(bits),
          0,
          0,
          0};
}

std::array<double, kFeatureNames.size()> pipeline_features(const model::Int8Model& model) {
  const auto plan = design::make_plan(model, [](std::string_view) { return false; });
  const std::vector<design::ImageQueue> queues = design::image_queues(plan);
  int bits = 0;
  for (const design::ImageQueue& queue : queues) {
    const design::ImageShape shape =
        design::image_shape(model.nodes[static_cast<std::size_t>(queue.writer)].shape);
    const std::int64_t ring = std::int64_t{queue.slots} * shape.rows * shape.row_size();
    bits += 2 * index_bits(ring) + index_bits(shape.row_size()) +
            index_bits(std::int64_t{shape.rows} + 1) + index_bits(queue.slots + 1);
  }
  return {1,
          static_cast<double>(queues.size()),
          0,
          static_cast<double>(plan.layers.size()),
          static_cast<double>(bits),
          0,
          0,
          0};
}

}  // namespace deepaxe::hw::cost
