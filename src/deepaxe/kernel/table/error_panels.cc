#include "deepaxe/kernel/table/error_panels.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "deepaxe/kernel/table/scratch.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kMinSegment = 6;                    // On average, for widening to pay.
constexpr std::size_t kPanelBytes = 1024 << 10;   // Of one segment: half of a usual L2.
constexpr std::int32_t kMaxSum = std::numeric_limits<std::int16_t>::max();

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

std::size_t shorts_per_k(int width) noexcept { return 256 * to_size(width); }

}  // namespace

ErrorTable make_error_table(const arith::Multiplier& multiplier) {
  ErrorTable table{.columns = std::vector<std::int16_t>(arith::Multiplier::kNumProducts)};
  for (std::size_t b = 0; b < 256; ++b) {
    for (std::size_t a = 0; a < 256; ++a) {
      const std::int32_t exact = std::int32_t{static_cast<std::int8_t>(a)} *
                                 static_cast<std::int8_t>(b);
      const std::int32_t error = multiplier.products()[a << 8 | b] - exact;
      table.largest[b] = std::max(table.largest[b], std::abs(error));
      table.columns[b << 8 | a] = static_cast<std::int16_t>(error);
    }
    if (table.largest[b] > kMaxSum) return {};
  }
  return table;
}

ErrorPanels::ErrorPanels(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const HotLoops& loops)
    : layer_(layer),
      window_(window),
      stage_(stage),
      loops_(loops),
      group_in_(layer.geometry.in_c / layer.geometry.groups),
      group_out_(layer.geometry.out_c / layer.geometry.groups) {
  for (int first = 0; first < stage.padded_run();) {
    int width = kMaxErrorWidth;
    while (width > stage.padded_run() - first) width /= 2;
    blocks_.push_back({.first = first, .width = width});
    first += width;
  }
}

std::size_t ErrorPanels::num_bytes() const {
  return to_size(layer_.geometry.groups) * window_.depth() * shorts_per_k(stage_.padded_run()) *
         sizeof(std::int16_t);
}

PanelSource ErrorPanels::source(const ErrorTable& errors, int group, const Block& block,
                                int first_k, int num_k) const {
  PanelSource source = {};
  source.num_k = num_k;
  source.width = block.width;
  for (int i = 0; i < std::min(block.width, group_out_ - block.first); ++i) {
    const std::size_t output = to_size(group * group_out_ + block.first + i);
    source.columns[i] = errors.columns.data();
    source.weights[i] = reinterpret_cast<const std::uint8_t*>(layer_.weights.data()) +
                        output * window_.depth() + to_size(first_k);
  }
  return source;
}

// As far as the errors of every output of the block fit into 16 bits, whatever the activations, and
// the panel into its share of the cache; at least one k.
int ErrorPanels::end_of_segment(const ErrorTable& errors, int group, const Block& block,
                                int first_k) const {
  const int most = std::max(
      1, static_cast<int>(kPanelBytes / sizeof(std::int16_t) / shorts_per_k(block.width)));
  int end = std::min(first_k + most, static_cast<int>(window_.depth()));
  for (int i = 0; i < std::min(block.width, group_out_ - block.first); ++i) {
    const std::size_t output = to_size(group * group_out_ + block.first + i);
    const std::int8_t* weights = layer_.weights.data() + output * window_.depth();
    std::int32_t sum = 0;
    for (int k = first_k; k < end; ++k) {
      sum += errors.largest[static_cast<std::uint8_t>(weights[k])];
      if (sum > kMaxSum) end = k;
    }
  }
  return end;
}

bool ErrorPanels::pays(const ErrorTable& errors) const {
  if (errors.columns.empty() || stage_.is_narrow()) return false;
  int num_segments = 0;
  for (const Block& block : blocks_) {
    for (int k = 0; k < static_cast<int>(window_.depth()); ++num_segments) {
      k = end_of_segment(errors, 0, block, k);
    }
  }
  const int shortest = std::min(kMinSegment, static_cast<int>(window_.depth()));
  return window_.depth() * blocks_.size() >= to_size(num_segments * shortest);
}

// [groups][blocks][depth][256][width]
base::CacheLineVector<std::uint32_t> ErrorPanels::prepare(const ErrorTable& errors) const {
  base::CacheLineVector<std::uint32_t> words(num_bytes() / sizeof(std::uint32_t));
  auto* place = reinterpret_cast<std::int16_t*>(words.data());
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const Block& block : blocks_) {
      loops_.build_error_panel(
          source(errors, group, block, 0, static_cast<int>(window_.depth())), place);
      place += window_.depth() * shorts_per_k(block.width);
    }
  }
  return words;
}

void ErrorPanels::add(const ErrorTable& errors, const std::uint32_t* kept,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const auto* panel = reinterpret_cast<const std::int16_t*>(kept);
  const int depth = static_cast<int>(window_.depth());
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const Block& block : blocks_) {
      for (int k = 0; k < depth;) {
        const int num_k = end_of_segment(errors, group, block, k) - k;
        const std::size_t size = to_size(num_k) * shorts_per_k(block.width);
        if (kept == nullptr) {
          std::int16_t* built = grown(scratch().error_panel, size);
          loops_.build_error_panel(source(errors, group, block, k, num_k), built);
          panel = built;
        }
        loops_.add_error_panel({.input = codes + group * group_in_,
                                .image_stride = window_.padded_size(),
                                .num_images = num_images,
                                .bases = window_.bases().data(),
                                .num_rows = static_cast<int>(window_.num_positions()),
                                .offsets = window_.offsets().data() + k,
                                .num_k = num_k},
                               panel, block.width,
                               {.data = sums + group * stage_.padded_run() + block.first,
                                .stride = stage_.stride(),
                                .add = true});
        panel += size;
        k += num_k;
      }
    }
  }
}

}  // namespace deepaxe::kernel::table
