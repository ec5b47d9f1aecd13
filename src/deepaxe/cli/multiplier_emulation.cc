#include "deepaxe/cli/multiplier_emulation.h"

#include "deepaxe/quant/requantize.h"

namespace deepaxe::cli {

kernel::table::Choice explain_emulation(const arith::Multiplier& multiplier) {
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
  for (std::size_t i = 0; i < num_weights; ++i) {
    layer.weights.push_back(static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127));
  }
  layer.folded_bias.resize(channels);
  layer.scales.assign(channels, quant::make_requant_scale(1.0 / 1024));
  kernel::table::PanelCache cache;
  const kernel::table::TableLayer prepared(layer, cache);
  const arith::Multiplier* everywhere = &multiplier;
  return prepared.explain({&everywhere, 1}, 32);
}

}  // namespace deepaxe::cli
