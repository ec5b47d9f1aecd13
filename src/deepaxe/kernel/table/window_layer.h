// WindowLayer: a computing layer run at chosen output positions alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"
#include "deepaxe/kernel/table/panel_cache.h"
#include "deepaxe/kernel/table/table_layer.h"

namespace deepaxe::kernel::table {

/// The windows of the positions are gathered and multiplied as the rows of a dense layer of the
/// same weights. Immutable and thread-safe, as TableLayer; the cache must outlive it.
class WindowLayer {
 public:
  /// Requires a layer of one group.
  WindowLayer(const ComputingLayer& layer, PanelCache& cache, const HotLoops& loops);
  WindowLayer(const WindowLayer&) = delete;
  WindowLayer& operator=(const WindowLayer&) = delete;

  TableLayer::PreparedPtr prepare(MultiplierSpan multipliers) const;

  /// input [in_h, in_w, in_c] of one image; positions count the outputs row by row.
  /// output [positions, out_c].
  void convolve(const TableLayer::Prepared& prepared, const std::int8_t* input,
                std::span<const std::uint32_t> positions, std::int8_t* output) const;

 private:
  void add_position(const ConvGeometry& g, int y, int x);

  const ComputingLayer rows_layer_;
  const TableLayer rows_;
  int run_columns_;  // Kernel columns of a run: all, or one where dilation parts them.
  std::size_t run_size_, num_runs_;
  int in_c_;
  std::vector<WindowPart> parts_;        // [positions][num_runs_]
  std::vector<std::uint8_t> is_inside_;  // [positions]
};

}  // namespace deepaxe::kernel::table
