#include "deepaxe/hw/cost/layer_resources.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <variant>

#include "deepaxe/hw/cost/block_ram.h"
#include "deepaxe/hw/cost/layer_features.h"
#include "deepaxe/hw/cost/memory_style.h"
#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/requantizer_shape.h"

namespace deepaxe::hw::cost {
namespace {

using Coefficients = std::array<double, kFeatureNames.size()>;

struct Law {
  Coefficients luts, ffs;
};
// From tools/fit_layer_resources.py over 41 computing layers; the order is that of kFeatureNames.
constexpr Law kComputing = {{0, 0, 1.919, 0, 6.601, 0.3964, 0.02701, 1.755},
                            {57.74, 0, 2.981, 0, 4.693, 0.1191, 0.0001573, 1.116}};

// Of one or a few modules of the kind: by the bits of its address alone.
constexpr Law by_address(double luts, double ffs) {
  return {{0, 0, 0, 0, luts, 0, 0, 0}, {0, 0, 0, 0, ffs, 0, 0, 0}};
}
constexpr Law kMaxPool = by_address(4.331, 3.89);
constexpr Law kAveragePool = by_address(13.27, 7.273);
constexpr Law kMean = by_address(22.27, 19.09);
constexpr Law kArithmetic = by_address(27.08, 13.17);
constexpr Law kConcatenate = by_address(20.18, 7.455);
constexpr Law kCore = by_address(0.7457, 1.222);
// Of the LUT cells, inverters and flip-flops that yosys 0.23 makes of image_queue.v for the five
// queues of LeNet-5 up to fc1: mean error of the fit 5.7 % (LUT), 6.4 % (FF). stage_control.v, one
// a layer: its two flip-flops and what drives them and its outputs.
constexpr Law kPipelineCore = {{0, 0, 0, 4, 1.726, 0, 0, 0}, {0, 0, 0, 2, 0.857, 0, 0, 0}};

constexpr std::size_t kLanes = 1;  // Of kFeatureNames.

const Law& law_of(design::LayerKind kind) {
  switch (kind) {
    case design::LayerKind::kComputing:
      return kComputing;
    case design::LayerKind::kMaxPool:
      return kMaxPool;
    case design::LayerKind::kAveragePool:
      return kAveragePool;
    case design::LayerKind::kMean:
      return kMean;
    case design::LayerKind::kArithmetic:
      return kArithmetic;
    case design::LayerKind::kPointwise:  // Not measured; walks like a concatenation of one input.
    case design::LayerKind::kConcatenate:
      break;
  }
  return kConcatenate;
}

// Of its requantizer, or the divisions of a pool.
int num_dsps(const model::Int8Model& model, int node, const design::LayerWalk& walk) {
  switch (walk.kind) {
    case design::LayerKind::kComputing:
    case design::LayerKind::kMean:
    case design::LayerKind::kArithmetic:
      return scaling_dsps(design::requantizer_shape(model, node, walk).total_bits(), walk.interval);
    case design::LayerKind::kAveragePool:
      return 1;
    default:
      return 0;
  }
}

double apply(const Coefficients& coefficients, const Coefficients& features) {
  return std::inner_product(coefficients.begin(), coefficients.end(), features.begin(), 0.0);
}

Resources pipeline_resources(const model::Int8Model& model, MemoryStyle memory) {
  const Coefficients features = pipeline_features(model);
  Resources resources;
  resources.luts = apply(kPipelineCore.luts, features);
  resources.ffs = apply(kPipelineCore.ffs, features);
  const auto plan = design::make_plan(model, [](std::string_view) { return false; });
  for (const design::ImageQueue& queue : design::image_queues(plan)) {
    const auto codes = static_cast<std::int64_t>(model::num_elements(
                           model.nodes[static_cast<std::size_t>(queue.writer)].shape)) *
                       queue.slots;
    if (memory == MemoryStyle::kDistributed) {
      resources.luts += ram_luts(codes);
    } else {
      resources.bram_36kb += block_ram_36kb(codes, 8);
    }
  }
  return resources;
}

bool has_module(const model::Int8Node& node) {
  return !std::holds_alternative<model::Input>(node.op) &&
         !std::holds_alternative<model::Reshape>(node.op) &&
         !std::holds_alternative<model::Softmax>(node.op);
}

}  // namespace

int scaling_dsps(int total_bits, int interval) noexcept {
  constexpr int kDigitBits = 17, kSumBits = 25;
  const int digit = design::RequantizerShape::digit_bits(interval);
  return ((digit + kDigitBits - 1) / kDigitBits) * ((total_bits + kSumBits - 1) / kSumBits);
}

Resources layer_resources(const model::Int8Model& model, int node, int parallel_outputs,
                          MemoryStyle memory, bool external_weights) {
  if (!has_module(model.nodes.at(static_cast<std::size_t>(node)))) return {};
  const LayerFeatures features = layer_features(model, node, parallel_outputs);
  const bool computes = features.kind == design::LayerKind::kComputing;
  const Law& law = law_of(features.kind);
  Resources resources;
  resources.luts = apply(law.luts, features.values);
  resources.ffs = apply(law.ffs, features.values);
  const design::LayerWalk walk = design::layer_walk(model, node, parallel_outputs);
  resources.dsps = num_dsps(model, node, walk);
  if (computes && external_weights) {
    resources.ffs += 8 * features.values[kLanes];
  } else if (computes && memory == MemoryStyle::kDistributed) {
    resources.luts += rom_luts(model.nodes[static_cast<std::size_t>(node)], parallel_outputs);
  } else if (computes) {
    resources.bram_36kb =
        block_ram_36kb(std::int64_t{walk.sets} * walk.groups() * walk.depth(), 8 * walk.lanes);
  }
  return resources;
}

Resources core_resources(const model::Int8Model& model, MemoryStyle memory,
                         design::ImageSchedule schedule) {
  if (schedule == design::ImageSchedule::kPipelined) return pipeline_resources(model, memory);
  const Coefficients features = core_features(model);
  Resources resources;
  resources.luts = apply(kCore.luts, features);
  resources.ffs = apply(kCore.ffs, features);
  for (const model::Int8Node& node : model.nodes) {
    if (!has_module(node) && !std::holds_alternative<model::Input>(node.op)) continue;
    if (memory == MemoryStyle::kDistributed) {
      resources.luts += ram_luts(static_cast<std::int64_t>(model::num_elements(node.shape)));
      continue;
    }
    resources.bram_36kb +=
        block_ram_36kb(static_cast<std::int64_t>(model::num_elements(node.shape)), 8);
  }
  return resources;
}

}  // namespace deepaxe::hw::cost
