#include "deepaxe/kernel/table/window_layer.h"

#include <algorithm>

#include "deepaxe/base/assertion.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kUsualBatch = 16;           // The ways of multiplying are chosen for it.
constexpr std::size_t kMostAtOnce = 256;  // Positions whose rows stay in the caches.

ComputingLayer dense_over_windows(const ComputingLayer& layer) {
  DEEPAXE_ASSERT(layer.geometry.groups == 1);
  ComputingLayer dense = layer;
  dense.geometry = {};
  dense.geometry.in_c = static_cast<int>(layer.geometry.depth());
  dense.geometry.out_c = layer.geometry.out_c;
  return dense;
}

}  // namespace

WindowLayer::WindowLayer(const ComputingLayer& layer, PanelCache& cache, const HotLoops& loops)
    : rows_layer_(dense_over_windows(layer)),
      rows_(rows_layer_, cache, {.loops = loops, .path = {}, .sizes = {}}),
      run_columns_(layer.geometry.dilation_w == 1 ? layer.geometry.kernel_w : 1),
      run_size_(to_size(run_columns_ * layer.geometry.in_c)),
      num_runs_(layer.geometry.depth() / run_size_),
      in_c_(layer.geometry.in_c) {
  const ConvGeometry& g = layer.geometry;
  for (int y = 0; y < g.out_h; ++y) {
    for (int x = 0; x < g.out_w; ++x) add_position(g, y, x);
  }
}

void WindowLayer::add_position(const ConvGeometry& g, int y, int x) {
  bool is_inside = true;
  for (int kernel_y = 0; kernel_y < g.kernel_h; ++kernel_y) {
    const int in_y = y * g.stride_h - g.pad_top + kernel_y * g.dilation_h;
    for (int kernel_x = 0; kernel_x < g.kernel_w; kernel_x += run_columns_) {
      const int in_x = x * g.stride_w - g.pad_left + kernel_x * g.dilation_w;
      const int begin = std::clamp(in_x, 0, g.in_w);
      const int end = std::clamp(in_x + run_columns_, begin, g.in_w);
      WindowPart part;
      if (in_y >= 0 && in_y < g.in_h && begin < end) {
        part = {.first = static_cast<std::uint32_t>((in_y * g.in_w + begin) * g.in_c),
                .before = static_cast<std::uint32_t>((begin - in_x) * g.in_c),
                .length = static_cast<std::uint32_t>((end - begin) * g.in_c)};
      }
      is_inside = is_inside && part.length == run_size_;
      parts_.push_back(part);
    }
  }
  is_inside_.push_back(is_inside ? 1 : 0);
}

TableLayer::PreparedPtr WindowLayer::prepare(MultiplierSpan multipliers) const {
  return rows_.prepare(multipliers, kUsualBatch);
}

void WindowLayer::convolve(const TableLayer::Prepared& prepared, const std::int8_t* input,
                           std::span<const std::uint32_t> positions, std::int8_t* output) const {
  for (std::size_t first = 0; first < positions.size(); first += kMostAtOnce) {
    const auto some = positions.subspan(first, std::min(kMostAtOnce, positions.size() - first));
    rows_.convolve_windows(prepared,
                           {.image = reinterpret_cast<const std::uint8_t*>(input),
                            .parts = parts_.data(),
                            .is_inside = is_inside_.data(),
                            .num_runs = num_runs_,
                            .run_size = run_size_,
                            .positions = some.data(),
                            .num_positions = some.size(),
                            .unit = to_size(in_c_),
                            .fill = static_cast<std::uint8_t>(rows_layer_.in_zero_point)},
                           output + first * rows_layer_.folded_bias.size());
  }
}

}  // namespace deepaxe::kernel::table
