#include "deepaxe/hw/timing/layer_paths.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/layer_walk.h"

namespace deepaxe::hw::timing {
namespace {

constexpr int kMostSumBits = 32;
constexpr int kMantissaBits = 31;
constexpr int kProductBits = 16;

// A memory's output to the operand register, through the choice between code and padding.
LogicPath reading(std::int64_t words, cost::MemoryStyle memory) {
  LogicPath path{.circuit = "memory", .lut_levels = 1};
  if (memory == cost::MemoryStyle::kBlock) {
    path.start = PathStart::kMemory;
  } else {  // A LUT holds 64 words; further ones choose among 4 each.
    path.lut_levels += 1 + (std::max(design::index_bits(words) - 6, 0) + 1) / 2;
  }
  return path;
}

// The ends of all loops, then the enable of the outermost counter.
LogicPath walker(bool computes) {
  return {.circuit = "walker", .end = PathEnd::kEnable, .lut_levels = computes ? 8 : 3};
}

// Product register, adder, and the choice between the new sum and the one behind it.
LogicPath accumulator(const design::LayerWalk& walk) {
  return {
      .circuit = "accumulator", .lut_levels = 2, .carry_chains = 1, .carry_bits = walk.sum_bits()};
}

// A digit of the mantissa times the sum, in as many DSP slices as it needs.
LogicPath scaling(int total_bits, int interval) {
  constexpr int kDigitBits = 17, kSumBits = 24;  // Unsigned and signed inputs of a slice.
  const int digit = (kMantissaBits + interval - 1) / interval;
  const int slices =
      ((digit + kDigitBits - 1) / kDigitBits) * ((total_bits + kSumBits - 1) / kSumBits);
  const double block = slices == 1 ? kArtix7Minus1.multiply_setup
                                   : kArtix7Minus1.multiply + (slices - 1) * kArtix7Minus1.cascade;
  return {.circuit = "scaling", .lut_levels = 1, .block_ns = block};
}

// Rounding once: + 1, zero point, and a comparison with each bound, which sets or resets the code.
// Twice: before these -1 of what is negative and the shift by what the channel says.
LogicPath rounding(int total_bits, quant::Rounding kind, bool has_one_shift) {
  LogicPath path{.circuit = "rounding",
                 .end = PathEnd::kReset,
                 .lut_levels = 4,
                 .carry_chains = 3,
                 .carry_bits = total_bits + kMantissaBits + 1};
  if (kind == quant::Rounding::kDouble) {
    path.lut_levels += has_one_shift ? 1 : 5;
    path.carry_chains += 1;
    path.carry_bits = total_bits + 2;
  }
  return path;
}

bool has_one_shift(const model::Int8Model& model, int node) {
  const std::vector<quant::RequantScale> scales = design::layer_arrays(model, node).scales;
  return std::ranges::all_of(
      scales, [&](const auto& scale) { return scale.shift == scales.front().shift; });
}

std::vector<LogicPath> computing_paths(const model::Int8Model& model, int node,
                                       const design::LayerWalk& walk, cost::MemoryStyle memory) {
  const std::int64_t words = std::int64_t{walk.sets} * walk.groups() * walk.depth();
  const int total_bits = std::min(walk.sum_bits() + 1, kMostSumBits);
  return {reading(words, memory), walker(true), accumulator(walk),
          scaling(total_bits, walk.interval),
          rounding(total_bits, model.nodes[static_cast<std::size_t>(node)].rounding,
                   has_one_shift(model, node))};
}

}  // namespace

std::vector<LogicPath> layer_paths(const model::Int8Model& model, int node, int parallel_outputs,
                                   cost::MemoryStyle memory) {
  const model::Int8Node& layer = model.nodes.at(static_cast<std::size_t>(node));
  if (std::holds_alternative<model::Input>(layer.op) ||
      std::holds_alternative<model::Reshape>(layer.op) ||
      std::holds_alternative<model::Softmax>(layer.op)) {
    return {};
  }
  const design::LayerWalk walk = design::layer_walk(model, node, parallel_outputs);
  if (walk.kind == design::LayerKind::kComputing) return computing_paths(model, node, walk, memory);
  const std::int64_t words = std::int64_t{walk.in.rows} * walk.in.row_size();
  std::vector<LogicPath> paths = {reading(words, memory), walker(false)};
  switch (walk.kind) {
    case design::LayerKind::kAveragePool:  // |sum| x reciprocal.
      paths.push_back({.circuit = "divider",
                       .lut_levels = 2,
                       .carry_chains = 1,
                       .carry_bits = kProductBits,
                       .block_ns = kArtix7Minus1.multiply_setup});
      break;
    case design::LayerKind::kMean:
    case design::LayerKind::kArithmetic:
      paths.push_back(scaling(kMostSumBits, walk.interval));
      paths.push_back(rounding(kMostSumBits, quant::Rounding::kDouble, true));
      break;
    default:
      break;
  }
  return paths;
}

}  // namespace deepaxe::hw::timing
