// Differences through a pool: the windows over changed elements are computed again.
#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/pool_geometry.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/kernel/reference/pool.h"

namespace deepaxe::fault {
namespace {

// From so many channels and changes on, whole pixels cost less than single elements.
constexpr std::size_t kLeastChannels = 8, kLeastChanges = 8;

// Elements of a window whose averages have a table: 1 MB.
constexpr std::int32_t kMostTabulated = 4096;

std::size_t to_size(std::int32_t value) { return static_cast<std::size_t>(value); }

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
        windows_(pool_windows(geometry)),
        coverage_(geometry),
        covers_all_(windows_.size() == channels_ &&
                    to_size(windows_.front().rows * windows_.front().columns) * channels_ ==
                        context.engine->node_size(context.roots.front())) {
    if (!is_max_) fill_average_codes();
  }

  void propagate(ImageState& state) const override {
    const TensorState& input = state.tensors[root_];
    if (channels_ >= kLeastChannels && input.changed.size() >= kLeastChanges) {
      propagate_pixels(input, state);
    } else {
      propagate_elements(input, state.tensors[node_]);
    }
  }

  std::optional<std::uint32_t> follow(std::uint32_t element, std::span<std::int8_t> codes,
                                      const ImageState& state) const override {
    const std::span<const std::uint32_t> outputs = coverage_.outputs(element);
    if (!is_max_ || outputs.size() != 1) return std::nullopt;
    const std::int8_t others =
        maximum_but(windows_[outputs.front()], state.tensors[root_].golden, element);
    for (std::int8_t& code : codes) {
      code = static_cast<std::int8_t>(
          std::clamp<std::int32_t>(std::max(code, others), clamp_low_, clamp_high_));
    }
    return outputs.front();
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
    resize_at_least(state.block_codes, size);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::size_t first = windows[i] * channels_;
      const PoolWindow& window = windows_[first];
      run_pixel({&input.faulty[window.first], window.rows, window.columns, row_stride_, channels_},
                &state.block_codes[i * channels_], state);
    }
    set_changed_blocks(loops_, windows, channels_, state.tensors[node_], state);
  }

  void run_pixel(const PixelWindow& window, std::int8_t* codes, ImageState& state) const {
    if (is_max_) {
      loops_.max_of_window(window, static_cast<std::int8_t>(clamp_low_),
                           static_cast<std::int8_t>(clamp_high_), codes);
      return;
    }
    resize_at_least(state.block_sums, channels_);
    loops_.sum_of_window(window, state.block_sums.data());
    const auto count = static_cast<std::int32_t>(window.rows * window.columns);
    for (std::size_t c = 0; c < channels_; ++c) codes[c] = average_code(state.block_sums[c], count);
  }

  void list_windows(const TensorState& input, ImageState& state) const {
    const auto channels = static_cast<std::uint32_t>(channels_);
    state.blocks.resize_at_least(windows_.size() / channels_);
    state.blocks.clear();
    if (covers_all_) {
      state.blocks.find_or_add(0);
      return;
    }
    list_changed_pixels(std::array{&input}, channels, state);
    for (const std::uint32_t pixel : state.pixels) {
      for (const std::uint32_t index : coverage_.outputs(pixel)) {
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

  // Of all elements but one; the least code where there is no other.
  std::int8_t maximum_but(const PoolWindow& window, const std::vector<std::int8_t>& input,
                          std::uint32_t element) const {
    std::int8_t result = -128;
    std::size_t row = window.first;
    for (std::size_t y = 0; y < window.rows; ++y, row += row_stride_) {
      for (std::size_t x = 0; x < window.columns; ++x) {
        const std::size_t at = row + x * channels_;
        if (at != element) result = std::max(result, input[at]);
      }
    }
    return result;
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
    if (count > kMostTabulated) return quotient(sum, count);
    return average_codes_[to_size(count)][static_cast<std::size_t>(sum + 128 * count)];
  }

  // Windows at the edges have fewer elements than those inside; division is slow.
  void fill_average_codes() {
    for (const PoolWindow& window : windows_) {
      const std::int32_t count = window.rows * window.columns;
      if (count > kMostTabulated) continue;
      if (average_codes_.size() <= to_size(count)) average_codes_.resize(to_size(count) + 1);
      std::vector<std::int8_t>& codes = average_codes_[to_size(count)];
      if (!codes.empty()) continue;
      for (std::int32_t sum = -128 * count; sum <= 127 * count; ++sum) {
        codes.push_back(quotient(sum, count));
      }
    }
  }
  std::int8_t quotient(std::int32_t sum, std::int32_t count) const {
    return static_cast<std::int8_t>(
        std::clamp(kernel::reference::rounded_average(sum, count), clamp_low_, clamp_high_));
  }

  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::size_t node_, root_;
  bool is_max_;
  std::int32_t clamp_low_, clamp_high_;
  std::size_t channels_, row_stride_;
  std::vector<PoolWindow> windows_;  // By output element.
  PoolCoverage coverage_;
  bool covers_all_;                                      // One window, of the whole image.
  std::vector<std::vector<std::int8_t>> average_codes_;  // [elements of a window][sum + 128 * them]
};

}  // namespace

std::unique_ptr<Propagator> make_pool_propagator(const NodeContext& context) {
  const std::optional<PoolGeometry> geometry = pool_geometry(context);
  if (!geometry) return nullptr;
  return std::make_unique<PoolPropagator>(context, *geometry);
}

}  // namespace deepaxe::fault
