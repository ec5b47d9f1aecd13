// TableLayer: a computing layer prepared for the fast kernels; any product table, the same bytes as
// reference/convolution.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/panel_cache.h"

namespace deepaxe::kernel::table {

/// How the products are found. All give the same sums; they differ in what they prepare.
enum class Path {
  kCachedPanel,   ///< Panels of the whole layer, kept: small layers with many positions.
  kScratchPanel,  ///< Panels built for a few k at a time, used by many rows, forgotten.
  kDirect,        ///< One table row for each activation, looked up by the weights.
  kColumns,       ///< One output at a time: depthwise, or several multipliers on few rows.
  kFactors,       ///< A matrix product for each term of the multiplier's factorization.
};

struct TableOptions {
  Isa isa = active_isa();
  /// For tests; a path that cannot serve the multipliers gives way to one that can.
  std::optional<Path> path;
};

/// Immutable and thread-safe; the layer and the cache must outlive it. Scratch memory belongs to
/// the calling thread and is kept for its next call.
class TableLayer {
 public:
  /// Layers whose panels take more than this are never kept.
  static constexpr std::size_t kMaxCachedBytes = std::size_t{4} << 20;

  TableLayer(const ComputingLayer& layer, PanelCache& cache, const TableOptions& options = {});

  /// input [batch, in_h, in_w, in_c], output [batch, out_h, out_w, out_c].
  void convolve(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                std::int8_t* output) const;
  /// The accumulators, folded bias included.
  void accumulate(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                  std::int32_t* accumulators) const;

  Path path(MultiplierSpan multipliers, int batch) const;

 private:
  struct Block {
    int first;  // Output in its group.
    int width;
  };
  struct PerChannel {  // See Requantizer; each [num_runs_ * padded_out_].
    std::vector<std::int32_t> bias;
    std::vector<std::int64_t> mantissa, nudge, first_shift, half, tie, second_shift;
  };
  struct Call;

  void plan_window();
  void plan_outputs();
  void plan_pairs();
  void plan_requantization();
  Call prepare(MultiplierSpan multipliers, int batch) const;
  template <typename Finish>
  void for_each_chunk(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                      Finish finish) const;
  const std::uint8_t* pad(const std::int8_t* input, int num_images) const;
  void sum_panels(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  void sum_direct(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  void sum_factors(const Call& call, const std::uint8_t* codes, int num_images,
                   std::uint32_t* sums) const;
  void sum_columns(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  PanelSource panel_source(const Call& call, int group, const Block& block, int first_k,
                           int num_k) const;
  std::vector<std::uint32_t> build_panels(const Call& call) const;
  std::vector<std::uint32_t> build_factors(const arith::Factorization& factorization) const;
  std::size_t factor_words(std::size_t num_terms) const;  // Of one group.
  void requantize(const std::uint32_t* sums, std::size_t num_rows, std::int8_t* output) const;
  int images_per_chunk() const noexcept;
  std::size_t sums_per_row() const noexcept;
  std::size_t sum_index(std::size_t output) const noexcept;

  const ComputingLayer& layer_;
  PanelCache& cache_;
  const TableOptions options_;
  const HotLoops& loops_;
  const int owner_;
  // The window over one image, padded where it must be.
  bool is_padded_ = false;
  int padded_h_ = 0, padded_w_ = 0;
  std::vector<std::int32_t> bases_;    // [positions]
  std::vector<std::int32_t> offsets_;  // [depth]
  int group_in_ = 0, group_out_ = 0;
  // kFactors takes k two at a time, where they lie together: pair p is k and k + 1 for k =
  // pair_first_[p], or k alone where its run of input elements is odd.
  std::vector<std::int32_t> pair_first_;
  std::vector<bool> pair_is_single_;
  // The sums of a row are [num_runs_, padded_out_], run_out_ of padded_out_ in use: a run is a
  // group, or all outputs where groups are narrow (depthwise), which only kColumns serves.
  bool is_narrow_ = false;
  int num_runs_ = 0, run_out_ = 0, padded_out_ = 0;
  std::vector<Block> blocks_;                 // Of one group.
  std::vector<std::uint8_t> direct_weights_;  // [groups, depth, direct_stride_]
  std::size_t direct_stride_ = 0;
  bool has_left_shift_ = false;
  PerChannel per_channel_;
};

}  // namespace deepaxe::kernel::table
