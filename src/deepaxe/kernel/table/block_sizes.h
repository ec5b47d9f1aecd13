// BlockSizes: into which pieces the kernels cut a layer.
#pragma once

#include <cstddef>
#include <limits>

#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

/// All sizes give the same bytes. The defaults are the fast ones; tests take small and odd ones, so
/// that small layers have many pieces and uneven ends. All are at least 1; at least one row, one k
/// or one image is taken at a time, however little room there is.
struct BlockSizes {
  int panel_width = kMaxPanelWidth;                   ///< Outputs of a panel of products: 8 x 2^n.
  int error_width = std::numeric_limits<int>::max();  ///< Of one of errors, rounded.
  std::size_t panel_bytes = 256 << 10;                ///< Of a panel for a few k: it stays in L2.
  std::size_t error_panel_bytes = 1024 << 10;         ///< The same of errors: half of a large L2.
  int panel_rows = 2048;                              ///< That a panel built for one call serves.
  std::size_t chunk_bytes = 256 << 10;       ///< In use by matrix products alone: stays in L2.
  std::size_t error_chunk_bytes = 16 << 20;  ///< Of sums and lists where there are error panels.
  /// Windows whose runs are shorter are copied before f of their codes is taken, not after.
  std::size_t long_run = 48;
  /// Products by fours that are added up in 16 bits, even if more would fit.
  int narrow_quads = std::numeric_limits<int>::max();
};

}  // namespace deepaxe::kernel::table
