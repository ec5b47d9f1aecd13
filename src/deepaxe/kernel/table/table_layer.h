// TableLayer: a computing layer prepared for the fast kernels; any product table, the same bytes as
// reference/convolution.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/error_panels.h"
#include "deepaxe/kernel/table/factor_product.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/panel_cache.h"
#include "deepaxe/kernel/table/product_panels.h"
#include "deepaxe/kernel/table/weight_rows.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// How the products are found. All give the same sums; they differ in what they prepare.
enum class Path {
  kCachedPanel,   ///< Panels of the whole layer, kept: small layers with many positions.
  kScratchPanel,  ///< Panels built for a few k at a time, used by many rows, forgotten.
  kDirect,        ///< One table row for each activation, looked up by the weights.
  kColumns,       ///< One output at a time: depthwise, or several multipliers on few rows.
  kFactors,       ///< A matrix product for each term of the multiplier's factorization.
  kErrors,        ///< The exact matrix product, and panels of errors.
};

/// What a layer does with a multiplier, and why.
struct Choice {
  Path path = Path::kColumns;
  std::string_view strategy;  ///< "matrix product of bytes", "exact product and error panels"...
  std::string_view reason;
  /// Where at least two activations of three are the zero point; often the same.
  std::string_view sparse_strategy = {};
  std::size_t num_terms = 0;       ///< Matrix products of the layer's depth.
  std::size_t prepared_bytes = 0;  ///< Kept for this layer and multiplier.
  /// Products that 16-bit sums surely take before they are widened; 0 if all sums have 32 bits,
  /// which hold those of any layer modulo 2^32, as the reference's.
  int safe_depth = 0;
};

struct TableOptions {
  const HotLoops& loops = hot_loops(active_isa());
  /// For tests; a path that cannot serve the multipliers gives way to one that can.
  std::optional<Path> path;
  BlockSizes sizes;  ///< Other ones are for tests.
};

/// Immutable and thread-safe; the layer and the cache must outlive it. Scratch memory belongs to
/// the calling thread and is kept for its next call.
class TableLayer {
 public:
  /// Layers whose panels take more than this are never kept.
  static constexpr std::size_t kMaxCachedBytes = std::size_t{4} << 20;

  TableLayer(const ComputingLayer& layer, PanelCache& cache, const TableOptions& options = {});

  /// What runs with these multipliers read, found once; they outlive it.
  struct Prepared;
  using PreparedPtr = std::shared_ptr<const Prepared>;

  /// input [batch, in_h, in_w, in_c], output [batch, out_h, out_w, out_c].
  void convolve(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                std::int8_t* output) const;
  /// The same of what prepare() found, which looks nothing up: for small batches, again and again.
  void convolve(const Prepared& prepared, const std::int8_t* input, int batch,
                std::int8_t* output) const;
  /// The same of a dense layer whose inputs are windows of an image.
  void convolve_windows(const Prepared& prepared, const ChosenWindows& windows,
                        std::int8_t* output) const;
  /// Chosen for dense activations in batches of `batch`; right for any.
  PreparedPtr prepare(MultiplierSpan multipliers, int batch) const;
  /// The accumulators, folded bias included.
  void accumulate(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                  std::int32_t* accumulators) const;

  /// What these do with so many images.
  Choice explain(MultiplierSpan multipliers, int batch) const;
  /// The way that convolve and accumulate take with this very input.
  Path path_of(MultiplierSpan multipliers, const std::int8_t* input, int batch) const;

 private:
  struct PathAndReason {
    Path path;
    std::string_view reason;
  };

  enum class Activations { kDense, kSparse };

  PathAndReason choose(MultiplierSpan multipliers, int batch, Activations activations) const;
  PathAndReason choose_uniform(const arith::Multiplier& multiplier, int batch,
                               Activations activations) const;
  int num_rows(int batch) const;  // Windows of so many images.
  bool errors_beat_factors(const arith::Multiplier& multiplier, const Factors& factors,
                           int batch) const;
  Activations kind_of(MultiplierSpan multipliers, const std::int8_t* input, int batch) const;
  Path possible_path(Path asked, MultiplierSpan multipliers) const;
  PanelCache::FactorsPtr factors_of(const arith::Multiplier& multiplier) const;
  PanelCache::ErrorPlanPtr plan_of(const arith::Multiplier& multiplier) const;
  PanelCache::ErrorTablePtr errors_of(const arith::Multiplier& multiplier) const;
  Prepared prepare_path(MultiplierSpan multipliers, Path path) const;
  Prepared prepare_for(MultiplierSpan multipliers, const std::int8_t* input, int batch) const;
  void prepare_factors(const arith::Multiplier& multiplier, Prepared& prepared) const;
  void prepare_columns(MultiplierSpan multipliers, Prepared& prepared) const;
  int chunk_images(const Prepared& prepared) const;
  template <typename Finish>
  void for_each_chunk(const Prepared& prepared, const std::int8_t* input, int batch,
                      Finish finish) const;
  void sum(const Prepared& prepared, const std::uint8_t* codes, int num_images,
           std::uint32_t* sums) const;

  const ComputingLayer& layer_;
  PanelCache& cache_;
  const TableOptions options_;
  const int factor_owner_, panel_owner_, plan_owner_;
  const Window window_;
  const OutputStage stage_;
  const FactorProduct factors_;
  const WeightRows weight_rows_;
  const ErrorPanels errors_;
  const ProductPanels panels_;
};

}  // namespace deepaxe::kernel::table
