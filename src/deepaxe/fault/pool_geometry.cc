#include "deepaxe/fault/pool_geometry.h"

#include <algorithm>
#include <variant>

namespace deepaxe::fault {

std::optional<PoolGeometry> pool_geometry(const NodeContext& context) {
  const auto* pool = std::get_if<model::Pool>(&context.graph_node().op);
  if (pool == nullptr) return std::nullopt;
  const model::Shape& in = context.input_node(0).shape;
  const model::Shape& out = context.graph_node().shape;
  const model::Window& w = pool->window;
  if (in.size() != 3 || w.dilation_h != 1 || w.dilation_w != 1) return std::nullopt;
  return PoolGeometry{{in[0], out[0], w.kernel_h, w.stride_h, 1, w.pad_top},
                      {in[1], out[1], w.kernel_w, w.stride_w, 1, w.pad_left},
                      static_cast<std::size_t>(in[2])};
}

std::vector<PoolWindow> pool_windows(const PoolGeometry& g) {
  std::vector<PoolWindow> result;
  for (int y = 0; y < g.rows.out; ++y) {
    for (int x = 0; x < g.columns.out; ++x) {
      const int top = y * g.rows.stride - g.rows.pad_before;
      const int left = x * g.columns.stride - g.columns.pad_before;
      const int first_row = std::max(top, 0), first_column = std::max(left, 0);
      const int end_row = std::min(top + g.rows.kernel, g.rows.in);
      const int end_column = std::min(left + g.columns.kernel, g.columns.in);
      const auto pixel = static_cast<std::size_t>(first_row * g.columns.in + first_column);
      for (std::size_t c = 0; c < g.channels; ++c) {
        result.push_back({static_cast<std::uint32_t>(pixel * g.channels + c),
                          static_cast<std::uint16_t>(end_row - first_row),
                          static_cast<std::uint16_t>(end_column - first_column)});
      }
    }
  }
  return result;
}

PoolCoverage::PoolCoverage(const PoolGeometry& g) {
  const WindowReach rows(g.rows), columns(g.columns);
  for (std::size_t y = 0; y < static_cast<std::size_t>(g.rows.in); ++y) {
    for (std::size_t x = 0; x < static_cast<std::size_t>(g.columns.in); ++x) {
      for (std::size_t c = 0; c < g.channels; ++c) {
        first_.push_back(static_cast<std::uint32_t>(outputs_.size()));
        for (const Tap row : rows.taps(y)) {
          for (const Tap column : columns.taps(x)) {
            const auto pixel = static_cast<std::size_t>(row.output * g.columns.out + column.output);
            outputs_.push_back(static_cast<std::uint32_t>(pixel * g.channels + c));
          }
        }
      }
    }
  }
  first_.push_back(static_cast<std::uint32_t>(outputs_.size()));
}

}  // namespace deepaxe::fault
