// Layer report: what quantization did to each tensor, and how wide the accumulators must be.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"

namespace deepaxe::calibrate {

/// Sums of a computing layer in a register, folded bias included.
struct AccumulatorRange {
  std::int64_t low = 0, high = 0;

  /// Width of the narrowest two's complement register that holds both.
  int num_bits() const noexcept;
  bool operator==(const AccumulatorRange&) const = default;
};

/// What the run of an int8 layer beside the float one gave.
struct LayerQuality {
  Range seen;  ///< Float values of this tensor, 0 included.
  /// 10 log10(sum of squares of the float tensor / sum of squares of its difference to the
  /// dequantized int8 tensor); none where either sum is 0.
  std::optional<double> signal_to_noise_db;
  /// Of all elements: stored as -128 or 127 while the float value lies more than half a step beyond
  /// that code. What an activation bounds, itself included, lies within.
  double saturated_fraction = 0;
  /// Computing layers: the sums that are requantized, with the exact multiplier.
  std::optional<AccumulatorRange> measured;
  /// Computing layers: holds every sum, and every partial sum that starts at the folded bias, of
  /// these weights with any codes, with the exact multiplier.
  std::optional<AccumulatorRange> worst_case;

  bool operator==(const LayerQuality&) const = default;
};

/// Result [nodes of the int8 model]; none for those behind the logits, which int8 never runs.
/// images [n, input size], n >= 1, as calibrate::quantize took them. The same for any number of
/// threads.
std::vector<std::optional<LayerQuality>> measure_layers(const Quantization& quantization,
                                                        std::span<const float> images,
                                                        int num_threads);

}  // namespace deepaxe::calibrate
