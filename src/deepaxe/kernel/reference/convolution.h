// The definition of the arithmetic of computing layers: plain loops in the order of the formula.
// Normative (docs/arithmetic.md); checked against LiteRT's reference kernels with exact products.
#pragma once

#include <cstdint>
#include <span>

#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::kernel::reference {

/// acc[y][x][o] = folded_bias[o] + sum_k m_o(x_k, w_ok), modulo 2^32.
/// input [in_h, in_w, in_c], accumulators [out_h, out_w, out_c], one image.
void accumulate(const ComputingLayer& layer, MultiplierSpan multipliers,
                std::span<const std::int8_t> input, std::span<std::int32_t> accumulators);

/// The stored codes of those accumulators.
void requantize(const ComputingLayer& layer, std::span<const std::int32_t> accumulators,
                std::span<std::int8_t> output) noexcept;

/// accumulate, then requantize.
void convolve(const ComputingLayer& layer, MultiplierSpan multipliers,
              std::span<const std::int8_t> input, std::span<std::int8_t> output);

}  // namespace deepaxe::kernel::reference
