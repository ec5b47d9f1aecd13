// DifferenceLoops: the inner loops of differences through computing layers, chosen at run time for
// the processor's vector unit. Every choice gives the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/kernel/isa.h"

namespace deepaxe::fault {

struct DifferenceLoops {
  /// sums[o] = step * plane[o], or += : 16-bit factors, 32-bit sums.
  void (*set_scaled)(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                     std::size_t count) noexcept;
  void (*add_scaled)(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                     std::size_t count) noexcept;
  /// Writes to `found`, which has room for all, each o with deltas[o] outside
  /// [low[o], low[o] + width[o]]; ascending. Returns how many.
  std::size_t (*find_outside)(const std::int32_t* deltas, const std::int32_t* low,
                              const std::uint32_t* width, std::size_t count,
                              std::uint32_t* found) noexcept;
};

const DifferenceLoops& difference_loops(kernel::Isa isa) noexcept;

}  // namespace deepaxe::fault
