// PairProduct: a layer as a matrix product of int16 pairs for each term of the multiplier.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/factorization.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// For every instruction set. What it is made from must outlive it. Immutable.
class PairProduct {
 public:
  PairProduct(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const HotLoops& loops);

  /// To num_bytes(): [groups][blocks][terms][pairs][kGemmBlock]: g of the weights of k in the low
  /// half, of k + 1 in the high one.
  void prepare(const arith::Factorization& factors, std::uint32_t* words) const;

  /// Sums of `num_images` padded images [num_images, positions, stage.stride()], bias not added.
  void sum(const arith::Factorization& factors, const std::uint32_t* weights,
           const std::uint8_t* codes, int num_images, std::uint32_t* sums) const;

  std::size_t num_bytes(std::size_t num_terms) const;  ///< Of what prepare gives.
  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes(std::size_t num_terms) const;

 private:
  std::size_t group_words(std::size_t num_terms) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const HotLoops& loops_;
  const std::size_t group_in_, group_out_;
  // k is taken two at a time, where they lie together: pair p is k and k + 1 for k =
  // pair_first_[p], or k alone where its run of input elements is odd.
  std::vector<std::int32_t> pair_offsets_;  // window_.offsets() of pair_first_.
  std::vector<std::size_t> pair_first_;
  std::vector<bool> pair_is_single_;
};

}  // namespace deepaxe::kernel::table
