// ErrorPanels: what a multiplier adds to the exact product, for the codes that occur.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/code_ranks.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/weight_rows.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// The errors of a multiplier, less those of one activation, the zero point: most activations are
/// that one after a rectifier, and then there is nothing to add.
struct ErrorTable {
  std::vector<std::int16_t> errors;         ///< [a << 8 | w]; empty if one needs more than 16 bits.
  std::array<std::int32_t, 256> largest{};  ///< Of each weight w, over all activations, absolute.
  std::array<std::int32_t, 256> of_zero{};  ///< Error of each weight with the zero point.

  std::size_t num_bytes() const;
};

ErrorTable make_error_table(const arith::Multiplier& multiplier, std::int8_t zero_point);

/// What one layer and one table need, worked out once.
struct ErrorPlan {
  /// Of each sum of a position: the errors of all weights with the zero point.
  std::vector<std::uint32_t> of_zero;
  int safe_depth = 0;  ///< Errors that surely add up in 16 bits; 0: panels are not possible.

  std::size_t num_bytes() const;
};

/// A panel row holds the errors of one k and one activation for a block of outputs. Panels are
/// built for the codes that each channel has in the images at hand, as many k at a time as fit a
/// share of the cache, and forgotten. What it is made from must outlive it. Immutable.
class ErrorPanels {
 public:
  ErrorPanels(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const WeightRows& weight_rows, const HotLoops& loops, const BlockSizes& sizes);

  ErrorPlan plan(const ErrorTable& errors) const;

  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes() const;

  /// Adds to the sums [num_images, positions, stage.stride()] of padded images.
  void add(const ErrorTable& errors, const ErrorPlan& plan, const std::uint8_t* codes,
           int num_images, std::uint32_t* sums) const;

 private:
  struct Work;  // Of one group of some images.
  struct Block {
    int first, num_outputs, width;
  };

  void plan_blocks();
  std::vector<std::uint32_t> errors_of_zero(const ErrorTable& errors) const;
  const std::uint32_t* first_rows(const std::uint32_t* first) const;
  int end_of_part(const std::uint32_t* first_rows, int first_k, int width) const;
  void add_block(const Work& work, const Block& block) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const WeightRows& weight_rows_;
  const HotLoops& loops_;
  const BlockSizes& sizes_;
  const int group_in_;
  std::vector<Block> blocks_;  // Of one group, about as wide as each other.
};

}  // namespace deepaxe::kernel::table
