// HotLoops: the inner loops of the table kernels, one set for each instruction set.
// Plain pointers only: what is compiled with wide instructions must not leak into shared templates.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/kernel/isa.h"

namespace deepaxe::kernel::table {

/// Outputs of one panel, at most. A panel holds, for each k and each activation code, the products
/// of a block of `width` outputs (8, 16, 32 or 64) as width / 2 words:
///   panel[k][code][i] = product of output (i + width / 2) << 16 | (product of output i) + 2^15,
/// so that one addition sums two outputs and one shifted addition takes the upper one out again.
inline constexpr int kMaxPanelWidth = 64;

/// The same window of products at many output positions, of several images: the product k of row r
/// of image n reads the code input[n * image_stride + bases[r] + offsets[k]].
struct Rows {
  const std::uint8_t* input;
  std::size_t image_stride;
  int num_images;
  const std::int32_t* bases;    ///< [num_rows]
  int num_rows;                 ///< Of one image.
  const std::int32_t* offsets;  ///< [num_k]
  int num_k;
};

/// The rows of a panel that each window selects: increasing numbers, kListEnds times kEndOfList
/// after the last one of each window.
struct RowLists {
  const std::uint32_t* entries;
  std::uint32_t* cursors;  ///< [num_rows]; the first entry not yet done with, moved by each part.
  std::size_t num_rows;
};
inline constexpr std::uint32_t kEndOfList = 0xFFFFFFFF;
inline constexpr int kListEnds = 4;  // So many are looked at together.

/// Where the rows of an error panel come from: a row for each k and each code that its channel has
/// (CodeRanks), in that order, the errors of `width` outputs.
struct ErrorSource {
  const std::int16_t* errors;  ///< [code << 8 | weight]
  /// [num_k][weight_stride]: `width` of each may be read.
  const std::uint8_t* weights;
  std::size_t weight_stride;
  const std::uint8_t* codes;   ///< See CodeRanks.
  const std::uint32_t* first;  ///< Those of channel c begin at codes + first[c].
  int num_channels;            ///< k reads channel k modulo this.
  int first_k, num_k;
  int width;  ///< A multiple of HotLoops::error_unit.
};

/// Rows first_row..end_row - 1 of an error panel.
struct ErrorPart {
  const std::int16_t* errors;  ///< [rows][width]
  std::uint32_t first_row, end_row;
  int width;
  int num_outputs;  ///< Sums that are added to, more than width - HotLoops::error_unit.
  int safe_count;   ///< Rows whose errors surely add up in 16 bits, at least 1.
};
/// Of HotLoops::error_unit outputs each: what an error panel is wide, at most.
inline constexpr int kMaxErrorUnits = 8;

/// Where sums go: row r of image n at sums + (n * num_rows + r) * stride. All modulo 2^32.
struct Sums {
  std::uint32_t* data;
  std::size_t stride;
  bool add;  ///< Add to what is there; else overwrite.
};

/// columns[o][w << 8 | a] is the product of activation a and weight w of output o; null: 0.
/// weights[o][k] likewise; null with its column.
struct PanelSource {
  const std::int16_t* columns[kMaxPanelWidth];
  const std::uint8_t* weights[kMaxPanelWidth];
  int num_k;
  int width;
};

/// One multiplier, weights as [num_k][weight_stride], num_outputs sums at each row.
struct DirectSource {
  const std::int16_t* products;  ///< arith::Multiplier::products().
  const std::uint8_t* weights;   ///< weight_stride is a multiple of 32; the rest is padding.
  std::size_t weight_stride;
  int num_outputs;
};

/// Outputs whose weights lie together in a matrix product.
inline constexpr int kGemmBlock = 16;

inline constexpr std::size_t kFactorSlack = 8;

/// Rows of int16 activations, taken two at a time: pair p of row r of image n is the two values
/// from input[n * image_stride + bases[r] + offsets[p]] on. Values up to kFactorSlack past the last
/// one may be read.
struct GemmRows {
  const std::int16_t* input;
  std::size_t image_stride;
  int num_images;
  const std::int32_t* bases;    ///< [num_rows]
  int num_rows;                 ///< Of one image.
  const std::int32_t* offsets;  ///< [num_pairs]
  int num_pairs;
};

inline constexpr int kTileHeight = 16;    ///< Rows of a tile of the matrix unit (AMX).
inline constexpr int kQuadsPerLine = 16;  ///< Depth is padded to so many times four bytes.

/// Rows of bytes f >= 0, four at a time: quad q of row r is the four values from
/// input[r * stride + 4 * q] on. Up to kTileHeight - 1 rows past the last one, and 63 bytes past
/// the depth of each, may be read; weights are 0 there.
struct ByteRows {
  const std::uint8_t* input;
  std::size_t stride;
  int num_rows;
  int num_quads;
};

/// Blocks of kGemmBlock outputs, block_size bytes each: the sums to start from (int32), then
/// [num_quads, rounded up to kQuadsPerLine][kGemmBlock][4]. Lie on 64-byte lines.
struct ByteWeights {
  const std::int8_t* blocks;
  std::size_t block_size;
  int num_outputs;
};

/// The windows of several images as runs of bytes that lie together, for each term a plane:
/// run i of term t of row r of image n starts at
/// planes[(n * num_terms + t) * plane_size + bases[r] + run_offsets[i]].
struct WindowRuns {
  const std::uint8_t* planes;
  std::size_t plane_size;
  int num_images, num_terms;
  const std::int32_t* bases;
  int num_rows;  ///< Of one image.
  const std::int32_t* run_offsets;
  int num_runs;
  std::size_t run_length;
};

/// The part of a window's run that lies in the image: `length` bytes from `first` on, which stand
/// `before` bytes behind the start of the run.
struct WindowPart {
  std::uint32_t first = 0, before = 0, length = 0;
};

/// Windows at some positions of one image, each `num_runs` runs of `run_size` bytes.
struct ChosenWindows {
  const std::uint8_t* image;
  const WindowPart* parts;        ///< [all positions][num_runs]
  const std::uint8_t* is_inside;  ///< [all positions]: 1 where every part is a whole run.
  std::size_t num_runs, run_size;
  const std::uint32_t* positions;
  std::size_t num_positions;
  std::size_t unit;   ///< Divides run_size and what is in `parts`.
  std::uint8_t fill;  ///< What stands outside the image.
};

/// f[code] of all 256 codes; if `has_matrix`, that is f[0] ^ (matrix times code), see
/// arith::BitMatrix.
struct ByteFunction {
  const std::uint8_t* f;
  bool has_matrix;
  std::uint64_t matrix;
};

struct CodeRows {
  const std::uint8_t* codes;
  std::size_t stride;
  std::size_t num_rows;
  std::size_t count;  ///< Of one row.
};

struct ByteLoops {
  /// Sums of products of bytes; null where the instruction set has no such product.
  void (*multiply)(const ByteRows& rows, const ByteWeights& weights, const Sums& sums);
  /// Adds to the sums; 2 * safe_quads products never add up beyond int16. Null where `multiply` is
  /// there, or where it would not be faster than int16.
  void (*multiply_narrow)(const ByteRows& rows, const ByteWeights& weights, int safe_quads,
                          const Sums& sums);
  /// values[row * value_stride + i] = f(codes[row * code_stride + i]), i < count.
  void (*expand)(const CodeRows& codes, const ByteFunction& function, std::uint8_t* values,
                 std::size_t value_stride);
  /// Row r of image n to packed + (n * num_rows + r) * stride, its terms one after the other; 63
  /// bytes past the end of a run may be read, and past the last row written.
  void (*pack_rows)(const WindowRuns& window, std::uint8_t* packed, std::size_t stride);
  /// rows [num_positions][num_runs * run_size].
  void (*gather_windows)(const ChosenWindows& windows, std::uint8_t* rows);
  /// The same of f of the codes, `stride` bytes from row to row; null where `multiply` is.
  void (*gather_expanded)(const ChosenWindows& windows, const ByteFunction& function,
                          std::uint8_t* rows, std::size_t stride);
};

/// Accumulators to codes; element c of each array is of output channel c, and the arrays are padded
/// to a multiple of 16. Both roundings of quant::requantize, for scales without a left shift:
///   high = (acc * mantissa + 2^(first_shift - 1)) >> first_shift
///   code = ((high + half - (high < 0 ? tie : 0)) >> second_shift) + zero point, clamped,
/// with half = tie = second_shift = 0 for the single rounding.
struct Requantizer {
  const std::int32_t* bias;
  const std::int32_t* mantissa;
  const std::int32_t* first_shift;
  const std::int32_t* half;
  const std::int32_t* tie;
  const std::int32_t* second_shift;
  std::int32_t out_zero_point, clamp_low, clamp_high;
  int channels;
};

struct MaxPool {
  int in_h, in_w, channels, out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  std::int8_t clamp_low, clamp_high;
};

struct HotLoops {
  const char* compiled_for;  ///< What the compiler said it compiled for.
  int min_scratch_rows;      ///< From so many rows on, building a panel for one call pays.
  int max_byte_terms;        ///< Matrix products of bytes that take as long as panels,
  int max_pair_terms;        ///< and those of int16.
  int max_sparse_terms;  ///< The same of either where most activations of many windows are the zero
                         ///< point.
  void (*build_panel)(const PanelSource& source, std::uint32_t* panel);
  void (*add_panel)(const Rows& rows, const std::uint32_t* panel, int width, const Sums& sums);
  int error_unit;  ///< Outputs of a register of errors.
  void (*build_error_panel)(const ErrorSource& source, std::int16_t* panel);
  void (*add_error_panel)(const RowLists& lists, const ErrorPart& part, const Sums& sums);
  /// Of windows of one term, a plane of ranks: first_rows[k] + rank for each that is not 0. List
  /// after list to `entries`, and where each begins to starts[row]. 16 words past the end may be
  /// written.
  void (*list_rows)(const WindowRuns& window, const std::uint32_t* first_rows,
                    std::uint32_t* entries, std::uint32_t* starts);
  void (*add_direct)(const Rows& rows, const DirectSource& source, const Sums& sums);
  /// columns[k][a]: one output, at sums.data of each row.
  void (*add_columns)(const Rows& rows, const std::int16_t* const* columns, const Sums& sums);
  /// Sums of products of pairs; weights [blocks of kGemmBlock outputs][num_pairs][kGemmBlock], each
  /// two int16, the first in the low half.
  void (*multiply_pairs)(const GemmRows& rows, const std::int32_t* weights, int num_outputs,
                         const Sums& sums);
  /// Sums of products of single values, the same offset from each channel: channel c of
  /// sums.stride, a multiple of 8, at offsets[p] + c with weights[p][c].
  void (*multiply_channels)(const GemmRows& rows, const std::int16_t* weights, const Sums& sums);
  /// values[i] = f[codes[i]].
  void (*expand_codes)(const std::uint8_t* codes, std::size_t count, const std::int16_t* f,
                       std::int16_t* values);
  ByteLoops bytes;
  /// sums [num_rows][stride] to codes [num_rows][out_stride].
  void (*requantize)(const Requantizer& requantizer, const std::uint32_t* sums, std::size_t stride,
                     std::size_t num_rows, std::int8_t* codes, std::size_t out_stride);
  void (*max_pool)(const MaxPool& pool, const std::int8_t* input, std::int8_t* output);
};

/// Precondition: `isa` is available.
const HotLoops& hot_loops(Isa isa) noexcept;

/// Plain C++ without any instruction set's own functions, in tiles of an odd height: what machines
/// other than x86-64 run, tested on all. No Isa chooses it.
const HotLoops& portable_loops() noexcept;

}  // namespace deepaxe::kernel::table
