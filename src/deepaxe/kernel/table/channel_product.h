// ChannelProduct: a depthwise layer, whose outputs each read one channel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/arith/factorization.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// Sums of products of int16, several channels at once, for each term of the multiplier. What it is
/// made from must outlive it. Immutable.
class ChannelProduct {
 public:
  ChannelProduct(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
                 const HotLoops& loops);

  /// True if every group has one input channel and one output.
  bool is_possible() const noexcept;

  /// To num_bytes(): [terms][depth][stage.stride()] of g of the weights, two to a word.
  void prepare(const arith::Factorization& factors, std::uint32_t* words) const;

  /// Sums of `num_images` padded images [num_images, positions, stage.stride()], bias not added.
  void sum(const arith::Factorization& factors, const std::uint32_t* weights,
           const std::uint8_t* codes, int num_images, std::uint32_t* sums) const;

  std::size_t num_bytes(std::size_t num_terms) const;  ///< Of what prepare gives.
  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes(std::size_t num_terms) const;

 private:
  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const HotLoops& loops_;
};

}  // namespace deepaxe::kernel::table
