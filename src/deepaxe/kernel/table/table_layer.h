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
#include "deepaxe/kernel/table/byte_product.h"
#include "deepaxe/kernel/table/error_panels.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/pair_product.h"
#include "deepaxe/kernel/table/panel_cache.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// How the products are found. All give the same sums; they differ in what they prepare.
enum class Path {
  kCachedPanel,   ///< Panels of the whole layer, kept: small layers with many positions.
  kScratchPanel,  ///< Panels built for a few k at a time, used by many rows, forgotten.
  kDirect,        ///< One table row for each activation, looked up by the weights.
  kColumns,       ///< One output at a time: depthwise, or several multipliers on few rows.
  kFactors,       ///< A matrix product for each term of the multiplier's factorization.
  kCachedErrors,  ///< The exact matrix product, and panels of errors, kept...
  kScratchErrors,  ///< ...or built for a few k at a time.
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
  struct Call;

  void plan_blocks();
  void plan_direct();
  Path possible_path(Path asked, MultiplierSpan multipliers) const;
  bool has_factors(const arith::Multiplier& multiplier) const;
  Call prepare(MultiplierSpan multipliers, int batch) const;
  template <typename Finish>
  void for_each_chunk(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                      Finish finish) const;
  void sum(const Call& call, const std::uint8_t* codes, int num_images, std::uint32_t* sums) const;
  void sum_panels(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  void sum_direct(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  void sum_columns(const Call& call, int group, const Rows& rows, const Sums& sums) const;
  PanelSource panel_source(const Call& call, int group, const Block& block, int first_k,
                           int num_k) const;
  PanelCache::Words build_panels(const Call& call) const;
  bool multiplies_bytes(const Factors& factors) const;
  PanelCache::WordsPtr prepared_factors(const arith::Multiplier& multiplier,
                                        const Factors& factors) const;
  void sum_factors(const Call& call, const std::uint8_t* codes, int num_images,
                   std::uint32_t* sums) const;
  int chunk_images(const Call& call) const;

  const ComputingLayer& layer_;
  PanelCache& cache_;
  const TableOptions options_;
  const HotLoops& loops_;
  const int factor_owner_, panel_owner_;
  const Window window_;
  const OutputStage stage_;
  const PairProduct pairs_;
  const ByteProduct bytes_;
  const ErrorPanels errors_;
  const int group_in_, group_out_;
  std::vector<Block> blocks_;                 // Of one group.
  std::vector<std::uint8_t> direct_weights_;  // [groups, depth, direct_stride_]
  std::size_t direct_stride_ = 0;
};

}  // namespace deepaxe::kernel::table
