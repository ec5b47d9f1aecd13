// ProductPanels: the products themselves, looked up: by panels, by table rows or one output at a
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/base/cache_line.h"
#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/block_sizes.h"
#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/output_blocks.h"
#include "deepaxe/kernel/table/output_stage.h"
#include "deepaxe/kernel/table/weight_rows.h"
#include "deepaxe/kernel/table/window.h"

namespace deepaxe::kernel::table {

/// For every multiplier, several at once included. Sums are those of `num_images` padded images,
/// [num_images, positions, stage.stride()], bias not added. What it is made from must outlive it.
/// Immutable.
class ProductPanels {
 public:
  /// Products with the weight outermost, [w << 8 | a]: one table for all outputs or one for each.
  using Columns = std::span<const std::int16_t* const>;

  ProductPanels(const ComputingLayer& layer, const Window& window, const OutputStage& stage,
                const WeightRows& weight_rows, const HotLoops& loops, const BlockSizes& sizes);

  /// All panels of the layer.
  base::CacheLineVector<std::uint32_t> prepare(Columns columns) const;
  std::size_t num_bytes() const;  ///< Of what prepare gives.

  /// By panels: `kept` ones (from prepare), or, if null, ones built for a few k at a time.
  void sum_panels(Columns columns, const std::uint32_t* kept, const std::uint8_t* codes,
                  int num_images, std::uint32_t* sums) const;
  /// By the table row of each activation; products as in arith::Multiplier.
  void sum_direct(const std::int16_t* products, const std::uint8_t* codes, int num_images,
                  std::uint32_t* sums) const;
  /// One output at a time; also for narrow groups.
  void sum_columns(Columns columns, const std::uint8_t* codes, int num_images,
                   std::uint32_t* sums) const;

 private:
  std::size_t group_words() const;
  Rows rows_of(int group, const std::uint8_t* codes, int num_images) const;
  PanelSource source(Columns columns, int group, const OutputBlock& block, int first_k,
                     int num_k) const;
  void sum_group(Columns columns, const std::uint32_t* kept, int group, const Rows& rows,
                 std::uint32_t* sums) const;

  const ComputingLayer& layer_;
  const Window& window_;
  const OutputStage& stage_;
  const WeightRows& weight_rows_;
  const HotLoops& loops_;
  const BlockSizes& sizes_;
  const int group_in_, group_out_;
  std::vector<OutputBlock> blocks_;  // Of one group.
};

}  // namespace deepaxe::kernel::table
