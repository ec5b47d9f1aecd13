// ByteProduct: a layer as one matrix product of bytes, as deep as the multiplier has terms.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/arith/byte_factorization.h"
#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// Only where HotLoops::bytes is there. What it is made from must outlive it. Immutable.
class ByteProduct {
 public:
  ByteProduct(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const HotLoops& loops);

  /// g of all weights, as ByteWeights wants them, group after group.
  base::CacheLineVector<std::uint32_t> prepare(const arith::ByteFactorization& factors) const;

  /// Sums of `num_images` padded images [num_images, positions, stage.stride()], bias not added.
  void sum(const arith::ByteFactorization& factors,
           const base::CacheLineVector<std::uint32_t>& weights, const std::uint8_t* codes,
           int num_images, std::uint32_t* sums) const;

  std::size_t num_bytes(std::size_t num_terms) const;  ///< Of what prepare gives.
  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes(std::size_t num_terms) const;

 private:
  struct PackedRows {  // The terms of a window one after the other.
    std::uint8_t* data;
    std::size_t stride;
  };

  std::size_t block_size(std::size_t num_terms) const;
  std::size_t group_size(std::size_t num_terms) const;
  bool is_in_place(std::size_t num_terms) const;
  std::uint8_t* expand_planes(const arith::ByteFactorization& factors, const std::uint8_t* codes,
                              int num_images, std::size_t slack) const;
  void pack_expanded(const arith::ByteFactorization& factors, const std::uint8_t* codes,
                     int num_images, int group, const PackedRows& rows) const;
  void expand_packed(const arith::ByteFactorization& factors, const std::uint8_t* codes,
                     int num_images, int group, const PackedRows& rows) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const HotLoops& loops_;
  const std::size_t group_out_;
};

}  // namespace deepaxe::kernel::table
