// FactorProduct: a layer as matrix products, one for each term of the multiplier's factorization,
// in the form that suits the layer and the instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "deepaxe/arith/byte_factorization.h"
#include "deepaxe/arith/factorization.h"
#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/byte_product.h"
#include "deepaxe/kernel/table/channel_product.h"
#include "deepaxe/kernel/table/pair_product.h"

namespace deepaxe::kernel::table {

/// A multiplier as sums of products; without terms where there is none of that form.
struct Factors {
  arith::Factorization words;
  arith::ByteFactorization bytes;
  // The same as `words` in two parts, where some of its products are so small that several add up
  // in 16 bits; without terms where not.
  arith::Factorization wide;
  arith::ByteFactorization narrow;
  int safe_quads = 0;  ///< Of `narrow`; see ByteLoops::multiply_narrow.

  std::size_t num_bytes() const;  ///< About.
};

/// With at most `max_terms` in each form.
Factors find_factors(const arith::Multiplier& multiplier, int max_terms);

/// What it is made from must outlive it. Immutable.
class FactorProduct {
 public:
  using Words = base::CacheLineVector<std::uint32_t>;

  /// Terms that `factors` may have at most to be of use.
  static int max_terms(const HotLoops& loops);

  FactorProduct(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
                const HotLoops& loops, const BlockSizes& sizes);

  /// False without terms or with so many that panels are faster, and for narrow groups other than
  /// depthwise ones. The functions below may be called only if it is true.
  bool is_possible(const Factors& factors) const;

  std::string_view name(const Factors& factors) const;  ///< "matrix product of bytes"...
  std::size_t num_terms(const Factors& factors) const;
  int safe_depth(const Factors& factors) const;         ///< Products that add up in 16 bits, or 0.
  std::size_t row_bytes(const Factors& factors) const;  ///< In use for each output position.

  Words prepare(const Factors& factors) const;          ///< g of the weights.
  std::size_t num_bytes(const Factors& factors) const;  ///< Of what prepare gives.
  /// Sums of `num_images` padded images [num_images, positions, stage.stride()], bias not added.
  void sum(const Factors& factors, const Words& weights, const std::uint8_t* codes, int num_images,
           std::uint32_t* sums) const;
  /// The same of chosen windows [num_positions, stage.stride()], the inputs of a dense layer;
  /// false, and nothing done, where the form wants them gathered before.
  bool sum_windows(const Factors& factors, const Words& weights, const ChosenWindows& windows,
                   std::uint32_t* sums) const;

 private:
  enum class Form { kBytes, kPairs, kPairsAndNarrow, kChannels };

  Form form(const Factors& factors) const;
  int safe_quads(const Factors& factors) const;
  std::size_t narrow_words(const Factors& factors) const;

  const OutputStage& stage_;
  const HotLoops& loops_;
  const BlockSizes& sizes_;
  const ByteProduct bytes_;
  const PairProduct pairs_;
  const ChannelProduct channels_;
};

}  // namespace deepaxe::kernel::table
