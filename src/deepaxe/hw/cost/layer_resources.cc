#include "deepaxe/hw/cost/layer_resources.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <variant>

#include "deepaxe/hw/cost/multiplier_luts.h"

namespace deepaxe::hw::cost {
namespace {

constexpr double kLcsPerLayer = 380;
constexpr double kLcsPerLane = 40.5;
constexpr double kLcsPerMultiplierLc = 0.978;

constexpr std::uint64_t kHalfBlockBits = 18'432;  // Of an 18 Kb block...
constexpr std::uint64_t kHalfBlockWidth = 36;     // ...which reads at most this many a cycle.

// Bias 32 bits, mantissa 32, shift 6.
constexpr std::uint64_t kParameterBitsPerChannel = 70;

constexpr double kFixedRegisters = 80;  // Activation 8, scaled accumulator 64, output code 8.
constexpr double kRegistersPerLane = 56;

std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

double memory_36kb(std::uint64_t bits, std::uint64_t width) {
  if (bits == 0) return 0;
  return 0.5 * static_cast<double>(
                   std::max(ceil_div(bits, kHalfBlockBits), ceil_div(width, kHalfBlockWidth)));
}

// Loop counters count positions, channels and products; addresses walk weights and both tensors.
double counter_bits(const model::Int8Node& node) {
  const auto outputs = static_cast<std::uint64_t>(model::num_elements(node.shape));
  const std::uint64_t weights = node.weights.size();
  const auto channels = static_cast<std::uint64_t>(std::max(1, model::num_channels(node.shape)));
  const std::uint64_t loops[] = {
      outputs / channels, channels, weights / channels, weights, outputs, outputs};
  int bits = 0;
  for (const std::uint64_t count : loops)
    bits += std::max(1, static_cast<int>(std::bit_width(count)));
  return bits;
}

}  // namespace

Resources computing_layer_resources(const model::Int8Node& node,
                                    const arith::NamedMultiplier& multiplier, int parallel_outputs,
                                    Baseline baseline) {
  const MultiplierLuts one = multiplier_luts(multiplier, baseline);
  const double lanes = parallel_outputs;
  const auto weight_width = static_cast<std::uint64_t>(parallel_outputs) * 8;
  const auto channels = static_cast<std::uint64_t>(model::num_channels(node.shape));
  Resources resources = other_layer_resources(node);
  resources.luts =
      kLutsPerLc * (kLcsPerLayer + lanes * (kLcsPerLane + kLcsPerMultiplierLc * one.lcs));
  resources.ffs = counter_bits(node) + kFixedRegisters + lanes * kRegistersPerLane;
  resources.dsps = parallel_outputs * one.dsps;
  resources.bram_36kb += memory_36kb(std::uint64_t{8} * node.weights.size(), weight_width) +
                         memory_36kb(kParameterBitsPerChannel * channels, kHalfBlockWidth);
  return resources;
}

Resources other_layer_resources(const model::Int8Node& node) {
  if (std::holds_alternative<model::Reshape>(node.op) ||
      std::holds_alternative<model::Softmax>(node.op)) {
    return {};
  }
  Resources resources;
  resources.bram_36kb = memory_36kb(std::uint64_t{8} * model::num_elements(node.shape), 8);
  return resources;
}

}  // namespace deepaxe::hw::cost
