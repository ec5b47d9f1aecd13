// DifferenceLoops: the inner loops of differences through computing layers, chosen at run time for
// the processor's vector unit. Every choice gives the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/fault/linear_codes.h"
#include "deepaxe/kernel/isa.h"

namespace deepaxe::fault {

/// Row r is first + offsets[r], to be taken steps[r] times.
struct ScaledRows {
  const std::int16_t* first;
  const std::uint32_t* offsets;
  const std::int16_t* steps;
  std::size_t count;
};

/// As ScaledRows, of bytes that stand for 128 less than they are. `count` is a multiple of
/// kRowsAtOnce.
struct ByteRows {
  const std::uint8_t* first;
  const std::uint32_t* offsets;
  const std::int8_t* steps;
  std::size_t count;
};
inline constexpr std::size_t kRowsAtOnce = 4;

struct CodeBlocks {
  const std::uint32_t* first;
  std::size_t count;
  std::size_t width;
};

/// What a loop lists, in arrays with room for all and 16 more.
struct ChangeLists {
  std::uint32_t* elements;  ///< Whose codes are other ones than before.
  std::uint32_t* blocks;    ///< First elements of the blocks that have any.
  std::size_t num_elements = 0, num_blocks = 0;
};

/// Blocks, as those of CodeBlocks, of a node that makes each code from one of each of two operands:
/// table[bit pattern of the first << 8 | bit pattern of the second].
struct CombinedBlocks {
  CodeBlocks blocks;
  const std::int8_t *first_golden, *first_faulty;    ///< Whole tensors.
  const std::int8_t *second_golden, *second_faulty;  ///< The same of the other operand.
  const std::int8_t* table;
  const LinearCodes* linear;  ///< Of the table; null: none known.
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

/// Two versions of the codes of a pixel.
struct PixelCodes {
  const std::int8_t *golden, *faulty;
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
  /// The same of rows of bytes. Null, as is narrow_steps, without AVX-512 VNNI.
  void (*add_byte_rows)(const ByteRows& rows, const std::int32_t* from, std::int32_t* to,
                        std::size_t count) noexcept;
  /// Makes ByteRows of at least one row: of steps in [-255, 255] as much as a byte holds, what is
  /// left as further rows, and rows of step 0. The arrays have room for three times the rows and 4
  /// more. Returns how many rows there are now.
  std::size_t (*narrow_steps)(std::uint32_t* offsets, const std::int16_t* steps, std::size_t count,
                              std::int8_t* bytes) noexcept;
  /// Of each channel whose codes differ: row_size * channel, and faulty - golden, to arrays that
  /// have room for all and 16 more. Returns how many.
  std::size_t (*list_steps)(const PixelCodes& pixel, std::uint32_t row_size, std::uint32_t* offsets,
                            std::int16_t* steps) noexcept;
  /// Block i of `blocks.count` is `blocks.width` codes from tensor + blocks.first[i] on; `codes`
  /// has them one block after the other. Writes them over the codes of `tensor` and lists what
  /// differs.
  void (*store_changed)(const CodeBlocks& blocks, const std::int8_t* codes, std::int8_t* tensor,
                        ChangeLists& lists) noexcept;
  /// Copies the codes of the blocks from one tensor to the other.
  void (*copy_blocks)(const CodeBlocks& blocks, const std::int8_t* from, std::int8_t* to) noexcept;
  /// As store_changed, of codes that a node makes of its operands, where the tensor is golden
  /// before. Null without AVX-512: there the changed codes one by one take less.
  void (*combine_changed)(const CombinedBlocks& combined, std::int8_t* tensor,
                          ChangeLists& lists) noexcept;
  /// Writes blocks as store_changed does. Returns how many codes differ, and notes the last of them
  /// where there is one.
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
