// ErrorPanels: what a multiplier adds to the exact product, summed in 16 bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_blocks.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// The errors of a multiplier, less those of one activation, the zero point: most activations are
/// that one after a rectifier, and then there is nothing to add.
struct ErrorTable {
  std::vector<std::int16_t> columns;        ///< [w << 8 | a]; empty if one needs more than 16 bits.
  std::array<std::int32_t, 256> largest{};  ///< Of each weight w, over all activations, absolute.
  std::array<std::int32_t, 256> of_zero{};  ///< Error of each weight with the zero point.

  std::size_t num_bytes() const;
};

ErrorTable make_error_table(const arith::Multiplier& multiplier, std::int8_t zero_point);

/// What error panels of one layer and one table need, worked out once.
struct ErrorPlan {
  struct Segment {
    int first_k, num_k;
  };

  /// [groups * blocks]; sums of a segment fit 16 bits, and its panel a share of the cache.
  std::vector<std::vector<Segment>> segments;
  /// Of each sum of a position: the errors of all weights with the zero point.
  std::vector<std::uint32_t> of_zero;
  /// False where segments are so short that widening their sums costs more than it saves. False,
  /// and nothing else set, where the table is empty or groups are narrow: panels are not possible.
  bool pays = false;
  int safe_depth = 0;  ///< Products that surely add up in 16 bits: the shortest but last segment.

  std::size_t num_bytes() const;
};

/// A panel row holds the errors of one activation for a block of outputs. Errors add up in 16 bits
/// over a segment of the depth: as far as the largest errors that the layer's weights allow fit.
/// What it is made from must outlive it. Immutable.
class ErrorPanels {
 public:
  ErrorPanels(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
              const HotLoops& loops, const BlockSizes& sizes);

  ErrorPlan plan(const ErrorTable& errors) const;

  /// All panels of the layer; `num_bytes()` of them.
  base::CacheLineVector<std::uint32_t> prepare(const ErrorTable& errors,
                                               const ErrorPlan& plan) const;
  std::size_t num_bytes() const;

  /// Bytes that one output position needs while it is computed.
  std::size_t row_bytes() const;

  /// Adds to the sums [num_images, positions, stage.stride()] of padded images. Without `kept`
  /// panels (from prepare) they are built a few at a time.
  void add(const ErrorTable& errors, const ErrorPlan& plan, const std::uint32_t* kept,
           const std::uint8_t* codes, int num_images, std::uint32_t* sums) const;

 private:
  std::size_t list_stride() const;
  const std::uint32_t* list_codes(const std::uint8_t* codes, int num_images, int group) const;
  std::vector<std::uint32_t> errors_of_zero(const ErrorTable& errors) const;
  std::vector<ErrorPlan::Segment> segments_of(const ErrorTable& errors, int group,
                                              const OutputBlock& block) const;
  PanelSource source(const ErrorTable& errors, int group, const OutputBlock& block,
                     const ErrorPlan::Segment& segment) const;
  int end_of_segment(const ErrorTable& errors, int group, const OutputBlock& block,
                     int first_k) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const HotLoops& loops_;
  const BlockSizes& sizes_;
  std::vector<OutputBlock> blocks_;  // Of one group.
};

}  // namespace deepaxe::kernel::table
