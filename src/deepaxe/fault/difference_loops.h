// DifferenceLoops: the inner loops of differences through computing layers, chosen at run time for
// the processor's vector unit. Every choice gives the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/kernel/isa.h"

namespace deepaxe::fault {

/// Row r is first + offsets[r], to be taken steps[r] times.
struct ScaledRows {
  const std::int16_t* first;
  const std::uint32_t* offsets;
  const std::int16_t* steps;
  std::size_t count;
};

struct CodeBlocks {
  const std::uint32_t* first;
  std::size_t count;
  std::size_t width;
};

/// Rows of sums, `num_outputs` each, of the positions under one window. Some stay as they are;
/// moved row r is golden[r] and what each term t adds: its step times row t of planes[r].
struct SiblingRows {
  const std::int32_t* const* fixed;
  std::size_t num_fixed;
  const std::int32_t* const* golden;
  const std::int16_t* const* planes;  ///< [moved row], each [terms][outputs].
  std::size_t num_moved;
  std::size_t num_terms, num_outputs;
};

/// Sibling s writes from first + s * stride on.
struct SiblingMaxima {
  std::int32_t* first;
  std::size_t stride;
};

/// Pixels of `channels` codes: a window of rows x columns of them.
struct PixelWindow {
  const std::int8_t* first;
  std::size_t rows, columns;
  std::size_t row_stride;  ///< Codes from a row to the next.
  std::size_t channels;
};

struct DifferenceLoops {
  /// sums[o] = step * plane[o], or += : 16-bit factors, 32-bit sums.
  void (*set_scaled)(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                     std::size_t count) noexcept;
  void (*add_scaled)(std::int32_t* sums, const std::int16_t* plane, std::int16_t step,
                     std::size_t count) noexcept;
  /// to[o] = from[o] + sum over rows r of steps[r] * row r at o, modulo 2^32; from may be to.
  void (*add_rows)(const ScaledRows& rows, const std::int32_t* from, std::int32_t* to,
                   std::size_t count) noexcept;
  /// Block i of `blocks.count` is `blocks.width` codes from golden + blocks.first[i] on; `codes`
  /// has them one block after the other. Writes index (into golden) and code of each that differs
  /// to arrays that have room for all and 16 more. Returns how many.
  std::size_t (*find_changed)(const CodeBlocks& blocks, const std::int8_t* codes,
                              const std::int8_t* golden, std::uint32_t* indices,
                              std::int8_t* changed) noexcept;
  /// Writes blocks as those of find_changed over the golden codes of `tensor`. Returns how many
  /// differ, and notes the last of them where there is one.
  std::size_t (*overlay)(const CodeBlocks& blocks, const std::int8_t* codes, std::int8_t* tensor,
                         std::uint32_t* last_changed) noexcept;
  /// maxima[c] = the largest code of channel c in the window, within [low, high].
  void (*max_of_window)(const PixelWindow& window, std::int8_t low, std::int8_t high,
                        std::int8_t* maxima) noexcept;
  /// maxima[o] = the largest rows[r][o], r < num_rows; at least one row.
  void (*max_of_rows)(const std::int32_t* const* rows, std::size_t num_rows, std::size_t count,
                      std::int32_t* maxima) noexcept;
  /// For each sibling s, whose steps are steps[s][terms]: the largest of the rows, output by
  /// output. Moved sums wrap modulo 2^32; at least one row.
  void (*max_of_siblings)(const SiblingRows& rows, const std::int16_t* steps,
                          std::size_t num_siblings, const SiblingMaxima& maxima) noexcept;
  /// sums[c] = the sum of the codes of channel c in the window.
  void (*sum_of_window)(const PixelWindow& window, std::int32_t* sums) noexcept;
  /// Writes to `found`, which has room for all, each o with deltas[o] outside
  /// [low[o], low[o] + width[o]]; ascending. Returns how many.
  std::size_t (*find_outside)(const std::int32_t* deltas, const std::int32_t* low,
                              const std::uint32_t* width, std::size_t count,
                              std::uint32_t* found) noexcept;
};

const DifferenceLoops& difference_loops(kernel::Isa isa) noexcept;

}  // namespace deepaxe::fault
