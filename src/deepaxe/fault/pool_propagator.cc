// Differences through a pool: the windows over changed elements are computed again.
#include <algorithm>
#include <utility>
#include <variant>

#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/window_reach.h"
#include "deepaxe/kernel/reference/pool.h"

namespace deepaxe::fault {
namespace {

// From so many channels and changes on, whole pixels cost less than single elements.
constexpr std::size_t kLeastChannels = 8, kLeastChanges = 8;

// The window of one output element, clipped to the image.
struct PoolWindow {
  std::uint32_t first = 0;  // Its first input element.
  std::uint16_t rows = 0, columns = 0;
};

struct PoolGeometry {
  AxisGeometry rows, columns;
  std::size_t channels = 1;
};

std::vector<PoolWindow> windows_of(const PoolGeometry& g) {
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

// By input element: the output elements whose windows cover it.
class Coverage {
 public:
  explicit Coverage(const PoolGeometry& g) {
    const WindowReach rows(g.rows), columns(g.columns);
    for (std::size_t y = 0; y < static_cast<std::size_t>(g.rows.in); ++y) {
      for (std::size_t x = 0; x < static_cast<std::size_t>(g.columns.in); ++x) {
        for (std::size_t c = 0; c < g.channels; ++c) {
          first_.push_back(static_cast<std::uint32_t>(outputs_.size()));
          for (const Tap row : rows.taps(y)) {
            for (const Tap column : columns.taps(x)) {
              const auto pixel =
                  static_cast<std::size_t>(row.output * g.columns.out + column.output);
              outputs_.push_back(static_cast<std::uint32_t>(pixel * g.channels + c));
            }
          }
        }
      }
    }
    first_.push_back(static_cast<std::uint32_t>(outputs_.size()));
  }
  std::span<const std::uint32_t> outputs(std::uint32_t element) const noexcept {
    return std::span(outputs_).subspan(first_[element], first_[element + 1] - first_[element]);
  }

 private:
  std::vector<std::uint32_t> first_, outputs_;
};

class PoolPropagator final : public Propagator {
 public:
  PoolPropagator(const NodeContext& context, const PoolGeometry& geometry)
      : node_(static_cast<std::size_t>(context.node)),
        root_(static_cast<std::size_t>(context.roots.front())),
        is_max_(std::get<model::Pool>(context.graph_node().op).kind == model::PoolKind::kMax),
        clamp_low_(context.graph_node().clamp_low),
        clamp_high_(context.graph_node().clamp_high),
        channels_(geometry.channels),
        row_stride_(static_cast<std::size_t>(geometry.columns.in) * geometry.channels),
        windows_(windows_of(geometry)),
        coverage_(geometry) {}

  void propagate(ImageState& state) const override {
    const TensorState& input = state.tensors[root_];
    if (channels_ >= kLeastChannels && input.changed.size() >= kLeastChanges) {
      propagate_pixels(input, state);
    } else {
      propagate_elements(input, state.tensors[node_]);
    }
  }

  std::optional<SingleChange> follow(std::uint32_t element, std::int8_t code,
                                     const ImageState& state) const override {
    const std::span<const std::uint32_t> outputs = coverage_.outputs(element);
    if (!is_max_ || outputs.size() != 1) return std::nullopt;
    const std::uint32_t index = outputs.front();
    const std::vector<std::int8_t>& input = state.tensors[root_].golden;
    const std::int8_t maximum = state.tensors[node_].golden[index];
    if (input[element] < maximum && code <= maximum) return SingleChange{index, maximum};
    return SingleChange{index, maximum_with(windows_[index], input, element, code)};
  }

 private:
  void propagate_elements(const TensorState& input, TensorState& output) const {
    for (const std::uint32_t element : input.changed) {
      for (const std::uint32_t index : coverage_.outputs(element)) {
        if (output.faulty[index] != output.golden[index]) continue;  // A window met before.
        if (is_max_ && stays_below(input, element, output.golden[index])) continue;
        const std::int8_t value = is_max_ ? maximum(windows_[index], input.faulty)
                                          : average(windows_[index], input.faulty);
        if (value != output.golden[index]) output.set(index, value);
      }
    }
  }

  // All channels of the windows over changed pixels at once.
  void propagate_pixels(const TensorState& input, ImageState& state) const {
    list_windows(input, state);
    const std::vector<std::uint32_t>& windows = state.blocks.used();
    const std::size_t size = windows.size() * channels_;
    if (state.block_codes.size() < size) state.block_codes.resize(size);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::size_t first = windows[i] * channels_;
      const PoolWindow& window = windows_[first];
      run_pixel({&input.faulty[window.first], window.rows, window.columns, row_stride_, channels_},
                &state.block_codes[i * channels_], state);
    }
    set_changed_blocks(loops_, channels_, state.tensors[node_], state);
  }

  void run_pixel(const PixelWindow& window, std::int8_t* codes, ImageState& state) const {
    if (is_max_) {
      loops_.max_of_window(window, static_cast<std::int8_t>(clamp_low_),
                           static_cast<std::int8_t>(clamp_high_), codes);
      return;
    }
    if (state.block_sums.size() < channels_) state.block_sums.resize(channels_);
    loops_.sum_of_window(window, state.block_sums.data());
    const auto count = static_cast<std::int32_t>(window.rows * window.columns);
    for (std::size_t c = 0; c < channels_; ++c) codes[c] = average_code(state.block_sums[c], count);
  }

  // Changes of one pixel mostly follow one another: only the first looks its windows up.
  void list_windows(const TensorState& input, ImageState& state) const {
    const auto channels = static_cast<std::uint32_t>(channels_);
    state.blocks.resize_at_least(windows_.size() / channels_);
    state.blocks.clear();
    std::uint32_t begin = 0, end = 0;  // Elements of the pixel.
    for (const std::uint32_t element : input.changed) {
      if (element >= begin && element < end) continue;
      begin = element / channels * channels;
      end = begin + channels;
      for (const std::uint32_t index : coverage_.outputs(begin)) {
        state.blocks.find_or_add(index / channels);
      }
    }
  }

  // Neither was the element the maximum nor is it now: it decides nothing, whatever other elements
  // of the window do.
  static bool stays_below(const TensorState& input, std::uint32_t element, std::int8_t maximum) {
    return input.golden[element] < maximum && input.faulty[element] <= maximum;
  }

  std::int8_t maximum(const PoolWindow& window, const std::vector<std::int8_t>& input) const {
    std::int32_t result = -128;
    const std::int8_t* row = &input[window.first];
    for (std::size_t y = 0; y < window.rows; ++y, row += row_stride_) {
      for (std::size_t x = 0; x < window.columns; ++x) {
        result = std::max<std::int32_t>(result, row[x * channels_]);
      }
    }
    return static_cast<std::int8_t>(std::clamp(result, clamp_low_, clamp_high_));
  }

  // With another code at one element.
  std::int8_t maximum_with(const PoolWindow& window, const std::vector<std::int8_t>& input,
                           std::uint32_t element, std::int8_t code) const {
    std::int32_t result = code;
    std::size_t row = window.first;
    for (std::size_t y = 0; y < window.rows; ++y, row += row_stride_) {
      for (std::size_t x = 0; x < window.columns; ++x) {
        const std::size_t at = row + x * channels_;
        if (at != element) result = std::max<std::int32_t>(result, input[at]);
      }
    }
    return static_cast<std::int8_t>(std::clamp(result, clamp_low_, clamp_high_));
  }

  std::int8_t average(const PoolWindow& window, const std::vector<std::int8_t>& input) const {
    std::int32_t sum = 0;
    const std::int8_t* row = &input[window.first];
    for (std::size_t y = 0; y < window.rows; ++y, row += row_stride_) {
      for (std::size_t x = 0; x < window.columns; ++x) sum += row[x * channels_];
    }
    return average_code(sum, window.rows * window.columns);
  }
  std::int8_t average_code(std::int32_t sum, std::int32_t count) const {
    return static_cast<std::int8_t>(
        std::clamp(kernel::reference::rounded_average(sum, count), clamp_low_, clamp_high_));
  }

  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::size_t node_, root_;
  bool is_max_;
  std::int32_t clamp_low_, clamp_high_;
  std::size_t channels_, row_stride_;
  std::vector<PoolWindow> windows_;  // By output element.
  Coverage coverage_;
};

}  // namespace

std::unique_ptr<Propagator> make_pool_propagator(const NodeContext& context) {
  const auto* pool = std::get_if<model::Pool>(&context.graph_node().op);
  const model::Shape& in = context.input_node(0).shape;
  const model::Shape& out = context.graph_node().shape;
  if (pool == nullptr || in.size() != 3) return nullptr;
  const model::Window& w = pool->window;
  if (w.dilation_h != 1 || w.dilation_w != 1) return nullptr;
  const PoolGeometry geometry{{in[0], out[0], w.kernel_h, w.stride_h, 1, w.pad_top},
                              {in[1], out[1], w.kernel_w, w.stride_w, 1, w.pad_left},
                              static_cast<std::size_t>(in[2])};
  return std::make_unique<PoolPropagator>(context, geometry);
}

}  // namespace deepaxe::fault
