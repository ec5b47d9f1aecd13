// The definition of the layers that only move elements: padding, slices, permutations. Normative.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace deepaxe::kernel::reference {

/// What a move writes where it has no element of the input.
inline constexpr std::int64_t kFill = -1;

/// By element of the output: the element of the input that it is, or kFill. Every move is given by
/// its sources, so that all that runs, propagates or writes a move agrees on one definition.
using Sources = std::vector<std::int64_t>;

/// Output axis i is input axis axes[i]; `shape` is the input's.
Sources permute_sources(std::span<const int> shape, std::span<const int> axes);
/// shape[i] + before[i] + after[i] elements along axis i; `before` and `after` >= 0.
Sources pad_sources(std::span<const int> shape, std::span<const int> before,
                    std::span<const int> after);
/// size[i] elements along axis i: begin[i], begin[i] + stride[i]...
Sources slice_sources(std::span<const int> shape, std::span<const int> begin,
                      std::span<const int> size, std::span<const int> stride);

/// output[e] = input[sources[e]], or `fill`.
void move(std::span<const std::int64_t> sources, std::int8_t fill,
          std::span<const std::int8_t> input, std::span<std::int8_t> output) noexcept;

/// Element of an operand of shape `shape` that each element of `out` reads, by numpy's rules of
/// broadcasting: axes aligned at the end, sizes equal or 1. Throws std::invalid_argument if the
/// shapes do not fit.
std::vector<std::uint32_t> broadcast_sources(std::span<const int> shape, std::span<const int> out);

}  // namespace deepaxe::kernel::reference
