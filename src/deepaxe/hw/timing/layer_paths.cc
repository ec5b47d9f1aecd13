#include "deepaxe/hw/timing/layer_paths.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "deepaxe/hw/cost/layer_resources.h"
#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/requantizer_shape.h"

namespace deepaxe::hw::timing {
namespace {

constexpr int kLengthBits = 32;  // Of an integer of the concatenator.
constexpr int kProductBits = 16;
constexpr int kCodeBits = 8;
// A code's entry in a table of 256 in logic.
constexpr LogicPath kTable = {.circuit = "table", .lut_levels = 4};

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

// The same code through further logic.
LogicPath behind(const LogicPath& memory, LogicPath path) {
  path.start = memory.start;
  path.lut_levels += memory.lut_levels;
  return path;
}

// The ends of all loops, and the step of the address that they choose.
LogicPath walker(bool computes, std::int64_t words) {
  return {.circuit = "walker",
          .lut_levels = computes ? 5 : 3,
          .carry_chains = 1,
          .carry_bits = design::index_bits(words)};
}

// Product register, adder, and the choice between the new sum and the one behind it.
LogicPath accumulator(const design::LayerWalk& walk) {
  return {
      .circuit = "accumulator", .lut_levels = 2, .carry_chains = 1, .carry_bits = walk.sum_bits()};
}

// A digit of the mantissa times the sum, in as many DSP slices as it needs: one adds and has the
// register in it; of several at most two are in a column, the rest is added in carry chains.
LogicPath scaling(int total_bits, int interval) {
  LogicPath path{.circuit = "scaling",
                 .lut_levels = interval > 1 ? 1 : 0,  // Which digit.
                 .block_ns = kArtix7Minus1.multiply_setup};
  if (cost::scaling_dsps(total_bits, interval) == 1) return path;
  constexpr int kLowBits = 17;  // Of the first slice: not added.
  path.lut_levels += 1;
  path.carry_chains = 1;
  path.carry_bits = total_bits + design::RequantizerShape::digit_bits(interval) - kLowBits;
  path.block_ns = kArtix7Minus1.multiply + kArtix7Minus1.cascade;
  return path;
}

// Of two roundings the shift by channel, of at most two bits a level; the comparison with a bound,
// two bits a LUT; and both bounds, which set or reset the code.
LogicPath rounding(int cut_bits, int shift_bits) {
  return {.circuit = "rounding",
          .end = PathEnd::kReset,
          .lut_levels = 3 + (shift_bits + 1) / 2,
          .carry_chains = 1,
          .carry_bits = (cut_bits + 1) / 2};
}

// As requantizer.v has them.
int cut_bits(int total_bits, quant::Rounding kind, int max_shift) {
  constexpr int kLeast = 11;
  return std::max(total_bits + max_shift + (kind == quant::Rounding::kDouble ? 2 : 1), kLeast);
}

std::vector<LogicPath> computing_paths(const model::Int8Model& model, int node,
                                       const design::LayerWalk& walk, cost::MemoryStyle memory) {
  const std::int64_t words = std::int64_t{walk.sets} * walk.groups() * walk.depth();
  const std::int64_t codes = std::int64_t{walk.in.rows} * walk.in.row_size();
  const design::RequantizerShape requantizer = design::requantizer_shape(model, node, walk);
  const int total_bits = requantizer.total_bits();
  const quant::Rounding kind = model.nodes[static_cast<std::size_t>(node)].rounding;
  const bool shifts_here = kind == quant::Rounding::kDouble && requantizer.has_shifts;
  return {reading(words, memory), walker(true, codes), accumulator(walk),
          scaling(total_bits, walk.interval),
          rounding(cut_bits(total_bits, kind, requantizer.max_shift),
                   shifts_here ? requantizer.shift_bits : 0)};
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
  std::vector<LogicPath> paths = {reading(words, memory), walker(false, words)};
  switch (walk.kind) {
    case design::LayerKind::kMaxPool:  // The code read against the largest so far.
      paths.push_back(behind(paths.front(), {.circuit = "comparison",
                                             .end = PathEnd::kEnable,
                                             .lut_levels = 1,
                                             .carry_chains = 1,
                                             .carry_bits = kCodeBits}));
      break;
    case design::LayerKind::kAveragePool:  // |sum| + half the count, x reciprocal.
      paths.push_back({.circuit = "divider",
                       .lut_levels = 2,
                       .carry_chains = 1,
                       .carry_bits = kProductBits,
                       .block_ns = kArtix7Minus1.multiply_setup});
      break;
    case design::LayerKind::kArithmetic:
      paths.push_back(behind(paths.front(), kTable));
      [[fallthrough]];
    case design::LayerKind::kMean: {
      const int total_bits = design::requantizer_shape(model, node, walk).total_bits();
      paths.push_back(scaling(total_bits, walk.interval));
      paths.push_back(rounding(cut_bits(total_bits, quant::Rounding::kDouble, 0), 0));
      break;
    }
    case design::LayerKind::kConcatenate:  // The length of the part that is read; its end.
      paths.push_back({.circuit = "walker",
                       .end = PathEnd::kEnable,
                       .lut_levels = 6,
                       .carry_chains = 1,
                       .carry_bits = kLengthBits});
      break;
    case design::LayerKind::kPointwise:
      paths.push_back(behind(paths.front(), kTable));
      break;
    case design::LayerKind::kComputing:  // Above.
      break;
  }
  return paths;
}

}  // namespace deepaxe::hw::timing
