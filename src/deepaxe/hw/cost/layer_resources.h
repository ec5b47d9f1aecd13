// LUT, FF, DSP and BRAM of one layer of the generated engine, by closed forms.
#pragma once

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resources.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Mean absolute errors of the closed forms against yosys, as fractions: LUT and FF of computing
/// layers by fits that had not seen their network (tools/fit_layer_resources.py prints them).
inline constexpr double kLutError = 0.063;
inline constexpr double kFfError = 0.031;
inline constexpr double kBramError = 0.017;  ///< Of all modules, seen or not: nothing is fitted.

/// DSP slices of a requantizer's product: a sum of `total_bits`, signed, times 31 / `interval` bits
/// of the mantissa, unsigned, in slices of 25 by 17.
int scaling_dsps(int total_bits, int interval) noexcept;

/// The layer's module but for its multipliers:
///   LUT, FF  sums of layer_features.h times coefficients of the layer's kind;
///   DSP      of its requantizer;
///   BRAM     weights, N bytes a cycle, and the constants that are too many for logic; each memory
///            on its own, rounded up to 18 Kb. Of distributed memories none: memory_style.h. No
///            weights that come from outside: the word at hand is in flip-flops.
/// Nothing for input, reshape and softmax.
Resources layer_resources(const model::Int8Model& model, int node, int parallel_outputs,
                          MemoryStyle memory = MemoryStyle::kBlock, bool external_weights = false);

/// The memories between the layers, one byte an element, and the control of an image; of a pipeline
/// the queues of images (design::image_queues) and the control of its stages.
Resources core_resources(const model::Int8Model& model, MemoryStyle memory = MemoryStyle::kBlock,
                         design::ImageSchedule schedule = design::ImageSchedule::kSequential);

}  // namespace deepaxe::hw::cost
