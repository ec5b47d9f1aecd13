// ByteProduct: a layer as one matrix product of bytes, as deep as the multiplier has terms.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deepaxe/arith/byte_factorization.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// What it is made from must outlive it. Immutable.
class ByteProduct {
 public:
  ByteProduct(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const HotLoops& loops, const BlockSizes& sizes);

  /// g of all weights, as ByteWeights wants them, group after group, to num_bytes() of zeros on a
  /// cache line.
  void prepare(const arith::ByteFactorization& factors, std::uint32_t* words) const;

  /// Sums of `num_images` padded images [num_images, positions, stage.stride()], bias not added.
  /// Only where there is ByteLoops::multiply.
  void sum(const arith::ByteFactorization& factors, const std::uint32_t* weights,
           const std::uint8_t* codes, int num_images, std::uint32_t* sums) const;
  /// The same of chosen windows [num_positions, stage.stride()]: the inputs of a dense layer.
  void sum_windows(const arith::ByteFactorization& factors, const std::uint32_t* weights,
                   const ChosenWindows& windows, std::uint32_t* sums) const;
  /// Adds to them. Only where there is ByteLoops::multiply_narrow, which says what safe_quads is.
  void add_narrow(const arith::ByteFactorization& factors, int safe_quads,
                  const std::uint32_t* weights, const std::uint8_t* codes, int num_images,
                  std::uint32_t* sums) const;

  std::size_t num_bytes(std::size_t num_terms) const;  ///< Of what prepare gives.
  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes(std::size_t num_terms) const;

 private:
  struct PackedRows {  // The terms of a window one after the other.
    std::uint8_t* data;
    std::size_t stride;
  };

  template <typename MultiplyGroup>
  void multiply(const arith::ByteFactorization& factors, const std::uint32_t* weights,
                const std::uint8_t* codes, int num_images, MultiplyGroup multiply_group) const;
  Sums sums_of(int group, std::uint32_t* sums) const;
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
  const BlockSizes& sizes_;
  const std::size_t group_out_;
};

}  // namespace deepaxe::kernel::table
