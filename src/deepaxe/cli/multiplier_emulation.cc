#include "deepaxe/cli/multiplier_emulation.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::cli {
namespace {

constexpr int kImages = 32;
constexpr int kRuns = 7;

// Codes in no order, from a constant sequence.
std::int8_t code(std::size_t i) {
  return static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127);
}

kernel::ComputingLayer common_layer() {
  kernel::ComputingLayer layer;
  layer.geometry = {.in_h = 16,
                    .in_w = 16,
                    .in_c = 64,
                    .out_h = 14,
                    .out_w = 14,
                    .out_c = 64,
                    .kernel_h = 3,
                    .kernel_w = 3};
  const auto channels = static_cast<std::size_t>(layer.geometry.out_c);
  const std::size_t num_weights = channels * layer.geometry.depth();
  for (std::size_t i = 0; i < num_weights; ++i) layer.weights.push_back(code(i));
  layer.folded_bias.resize(channels);
  layer.scales.assign(channels, quant::make_requant_scale(1.0 / 1024));
  return layer;
}

// Every other one is the zero point.
std::vector<std::int8_t> activations(const kernel::ComputingLayer& layer) {
  std::vector<std::int8_t> codes(kImages * layer.geometry.in_size(), layer.in_zero_point);
  for (std::size_t i = 0; i < codes.size(); i += 2) codes[i] = code(i);
  return codes;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

Emulation measure_emulation(const arith::Multiplier& multiplier) {
  const kernel::ComputingLayer layer = common_layer();
  const std::vector<std::int8_t> input = activations(layer);
  kernel::table::PanelCache cache;
  const kernel::table::TableLayer table(layer, cache);
  std::vector<std::int8_t> output(kImages * layer.geometry.out_size());
  const auto seconds_of = [&](const arith::Multiplier& one) {
    const arith::Multiplier* everywhere = &one;
    const auto start = std::chrono::steady_clock::now();
    table.convolve({&everywhere, 1}, input.data(), kImages, output.data());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const arith::Multiplier exact = arith::Multiplier::exact();
  std::vector<double> seconds;
  std::vector<double> ratios;  // Of runs one after the other: what else the machine does cancels.
  for (int run = -1; run < kRuns; ++run) {  // The first one prepares and does not count.
    base::check_interrupt();
    const double of_exact = seconds_of(exact);
    const double of_multiplier = seconds_of(multiplier);
    if (run < 0) continue;
    seconds.push_back(of_multiplier);
    ratios.push_back(of_multiplier / of_exact);
  }
  const double products = static_cast<double>(kImages * layer.geometry.out_size()) *
                          static_cast<double>(layer.geometry.depth());
  const arith::Multiplier* everywhere = &multiplier;
  return {.choice = table.explain({&everywhere, 1}, kImages),
          .ns_per_1000_products = 1e12 * median(seconds) / products,
          .relative_to_exact = median(ratios)};
}

}  // namespace deepaxe::cli
