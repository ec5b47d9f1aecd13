// Differences through a pool: the windows over changed elements are computed again.
#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/window_reach.h"
#include "deepaxe/kernel/reference/pool.h"

namespace deepaxe::fault {
namespace {

constexpr int kMaxWindow = 256;  // Larger windows are left to the dense propagator.

// One axis of a window, clipped to the image: input positions [begin, end).
struct Clip {
  std::size_t begin = 0, end = 0;
};

std::vector<Clip> clips(const AxisGeometry& axis) {
  std::vector<Clip> result;
  for (int output = 0; output < axis.out; ++output) {
    const int start = output * axis.stride - axis.pad_before;
    result.push_back({static_cast<std::size_t>(std::max(start, 0)),
                      static_cast<std::size_t>(std::min(start + axis.kernel, axis.in))});
  }
  return result;
}

class PoolPropagator final : public Propagator {
 public:
  PoolPropagator(const NodeContext& context, const AxisGeometry& rows, const AxisGeometry& columns)
      : node_(static_cast<std::size_t>(context.node)),
        root_(static_cast<std::size_t>(context.roots.front())),
        kind_(std::get<model::Pool>(context.graph_node().op).kind),
        clamp_low_(context.graph_node().clamp_low),
        clamp_high_(context.graph_node().clamp_high),
        channels_(static_cast<std::size_t>(model::num_channels(context.graph_node().shape))),
        in_w_(static_cast<std::size_t>(columns.in)),
        out_w_(static_cast<std::size_t>(columns.out)),
        rows_(rows),
        columns_(columns),
        row_clips_(clips(rows)),
        column_clips_(clips(columns)) {}

  void propagate(ImageState& state) const override {
    const TensorState& input = state.tensors[root_];
    TensorState& output = state.tensors[node_];
    const auto channels = static_cast<std::uint32_t>(channels_);
    const auto in_w = static_cast<std::uint32_t>(in_w_);
    state.marks.resize_at_least(output.golden.size());
    state.marks.clear();
    for (const std::uint32_t element : input.changed) {
      const std::uint32_t c = element % channels, x = element / channels % in_w;
      const std::uint32_t y = element / channels / in_w;
      for (const Tap row : rows_.taps(y)) {
        for (const Tap column : columns_.taps(x)) {
          update(static_cast<std::size_t>(row.output), static_cast<std::size_t>(column.output), c,
                 input, output, state.marks);
        }
      }
    }
  }

 private:
  void update(std::size_t y, std::size_t x, std::size_t c, const TensorState& input,
              TensorState& output, EpochMarks& marks) const {
    const std::size_t index = (y * out_w_ + x) * channels_ + c;
    if (!marks.mark(index)) return;
    const std::int8_t value = kind_ == model::PoolKind::kMax
                                  ? maximum(row_clips_[y], column_clips_[x], c, input.faulty)
                                  : average(row_clips_[y], column_clips_[x], c, input.faulty);
    if (value != output.golden[index]) output.set(static_cast<std::uint32_t>(index), value);
  }

  std::int8_t maximum(Clip rows, Clip columns, std::size_t c,
                      const std::vector<std::int8_t>& input) const {
    std::int32_t result = -128;
    for (std::size_t y = rows.begin; y < rows.end; ++y) {
      for (std::size_t x = columns.begin; x < columns.end; ++x) {
        result = std::max<std::int32_t>(result, input[(y * in_w_ + x) * channels_ + c]);
      }
    }
    return static_cast<std::int8_t>(std::clamp(result, clamp_low_, clamp_high_));
  }

  // The kernel's own average of this one window, so that its rounding has one definition.
  std::int8_t average(Clip rows, Clip columns, std::size_t c,
                      const std::vector<std::int8_t>& input) const {
    std::array<std::int8_t, kMaxWindow> window;
    std::size_t count = 0;
    for (std::size_t y = rows.begin; y < rows.end; ++y) {
      for (std::size_t x = columns.begin; x < columns.end; ++x) {
        window[count++] = input[(y * in_w_ + x) * channels_ + c];
      }
    }
    kernel::reference::PoolLayer layer;
    layer.in_w = layer.kernel_w = static_cast<int>(count);
    layer.clamp_low = clamp_low_;
    layer.clamp_high = clamp_high_;
    std::int8_t result = 0;
    kernel::reference::average_pool(layer, std::span(window).first(count), {&result, 1});
    return result;
  }

  std::size_t node_, root_;
  model::PoolKind kind_;
  std::int32_t clamp_low_, clamp_high_;
  std::size_t channels_, in_w_, out_w_;
  WindowReach rows_, columns_;
  std::vector<Clip> row_clips_, column_clips_;
};

}  // namespace

std::unique_ptr<Propagator> make_pool_propagator(const NodeContext& context) {
  const auto* pool = std::get_if<model::Pool>(&context.graph_node().op);
  const model::Shape& in = context.input_node(0).shape;
  const model::Shape& out = context.graph_node().shape;
  if (pool == nullptr || in.size() != 3) return nullptr;
  const model::Window& w = pool->window;
  if (w.dilation_h != 1 || w.dilation_w != 1 || w.kernel_h * w.kernel_w > kMaxWindow) {
    return nullptr;
  }
  return std::make_unique<PoolPropagator>(
      context, AxisGeometry{in[0], out[0], w.kernel_h, w.stride_h, 1, w.pad_top},
      AxisGeometry{in[1], out[1], w.kernel_w, w.stride_w, 1, w.pad_left});
}

}  // namespace deepaxe::fault
