// LayerActivity: toggles of a computing layer's datapath, from a sample of its operands.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/power/operand_stream.h"
#include "deepaxe/hw/power/switching.h"

namespace deepaxe::hw::power {

/// Products that a sample has at least, where the images have as many; whole windows, at least 8.
inline constexpr std::int64_t kSampledProducts = 8192;

/// Windows spread evenly over all images and lanes: the same for the same codes, no randomness.
struct OperandSample {
  /// The last pair of the window before, then those of the window.
  std::vector<std::vector<OperandPair>> windows;
  std::int64_t products = 0;
};
/// `codes` has the tensors that the layer reads, [images, input size], at least one.
OperandSample sample_operands(const OperandStream& stream, std::span<const std::int8_t> codes);

/// Toggles for each product, all of one lane but the activation register, which all lanes share.
struct ProductActivity {
  double luts_settled = 0;  ///< LUTs of the multiplier; see ToggleCounts.
  double luts_unit_delay = 0;
  double dsp_slices = 0;  ///< Active ones: 1 where the slice is the multiplier.
  double registers = 0;   ///< Weight, product and sum, and the adder's outputs.
  double activation = 0;  ///< For each cycle.
};
/// `circuit` makes the products of `multiplier`; null: a DSP slice does. `sum_bits` is the width of
/// the accumulator.
ProductActivity measure_activity(const OperandSample& sample, const arith::Multiplier& multiplier,
                                 const SwitchingModel* circuit, int sum_bits);

}  // namespace deepaxe::hw::power
