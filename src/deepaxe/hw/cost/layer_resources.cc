#include "deepaxe/hw/cost/layer_resources.h"

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

namespace deepaxe::hw::cost {
namespace {

using Coefficients = std::array<double, kFeatureNames.size()>;

struct Law {
  Coefficients luts, ffs;
  int dsps = 0;  // Of its requantizer, or the divisions of a pool.
};
// From tools/fit_layer_resources.py over 41 computing layers; the order is that of kFeatureNames.
constexpr Law kComputing = {
    {0, 0, 2.011, 0, 13.36, 0.2368, 0.03802}, {99.62, 0, 2.978, 0, 4.682, 0.1194, 0}, 1};

// Of one or two modules of the kind: by the bits of its address alone.
constexpr Law by_address(double luts, double ffs, int dsps) {
  return {{0, 0, 0, 0, luts, 0, 0}, {0, 0, 0, 0, ffs, 0, 0}, dsps};
}
constexpr Law kMaxPool = by_address(4.408, 4.004, 0);
constexpr Law kAveragePool = by_address(13.27, 7.273, 1);
constexpr Law kMean = by_address(27.55, 19.18, 2);
constexpr Law kArithmetic = by_address(29.5, 14.58, 4);
constexpr Law kConcatenate = by_address(20.18, 7.455, 0);
constexpr Law kCore = by_address(0.7181, 1.18, 0);
// Of the LUT cells, inverters and flip-flops that yosys 0.23 makes of image_queue.v for the five
// queues of LeNet-5 up to fc1: mean error of the fit 5.7 % (LUT), 6.4 % (FF). stage_control.v, one
// a layer: its two flip-flops and what drives them and its outputs.
constexpr Law kPipelineCore = {{0, 0, 0, 4, 1.726, 0, 0}, {0, 0, 0, 2, 0.857, 0, 0}, 0};

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

Resources layer_resources(const model::Int8Model& model, int node, int parallel_outputs,
                          MemoryStyle memory, bool external_weights) {
  if (!has_module(model.nodes.at(static_cast<std::size_t>(node)))) return {};
  const LayerFeatures features = layer_features(model, node, parallel_outputs);
  const bool computes = features.kind == design::LayerKind::kComputing;
  const Law& law = law_of(features.kind);
  Resources resources;
  resources.luts = apply(law.luts, features.values);
  resources.ffs = apply(law.ffs, features.values);
  resources.dsps = law.dsps;
  if (computes && external_weights) {
    resources.ffs += 8 * features.values[kLanes];
  } else if (computes && memory == MemoryStyle::kDistributed) {
    resources.luts += rom_luts(model.nodes[static_cast<std::size_t>(node)], parallel_outputs);
  } else if (computes) {
    const design::LayerWalk walk = design::layer_walk(model, node, parallel_outputs);
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
