// RequantizerShape: what the requantizer of a computing layer is made of, for generator and prices.
#pragma once

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::design {

struct RequantizerShape {
  int sum_bits = 32;          ///< Of the sums that come in, two's complement.
  int bias_bits = 32;         ///< Of the widest folded bias: a bias may be wider than the sums.
  bool has_one_scale = true;  ///< Its factor is a constant; else memories have one by channel.
  bool has_shifts = false;    ///< Channels shift by different distances.
  int max_shift = 0;          ///< Largest shift of a channel; others are counted down from it.
  int shift_bits = 1;         ///< Of the largest number of that count.

  int wider_bits() const noexcept { return sum_bits > bias_bits ? sum_bits : bias_bits; }
  /// Of x = sum + bias: exact, or modulo 2^32 as an int32 is.
  int total_bits() const noexcept { return wider_bits() < 32 ? wider_bits() + 1 : 32; }
  /// Of the mantissa that it multiplies by in a cycle, if it takes `interval` cycles for a sum.
  static int digit_bits(int interval) noexcept { return (31 + interval - 1) / interval; }
};

/// Of the layer whose loops are `walk`. But for computing layers the widths alone: sums and biases
/// of a mean and of arithmetic have 32 bits.
RequantizerShape requantizer_shape(const model::Int8Model& model, int node, const LayerWalk& walk);

}  // namespace deepaxe::hw::design
