#include "deepaxe/kernel/table/error_panels.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

#include "deepaxe/kernel/table/scratch.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kMinSegment = 6;           // On average, for widening to pay.
constexpr std::size_t kPanelBytes = 1024 << 10;  // Of one segment: half of a large L2.
constexpr std::size_t kListSlack = 17;           // The end, and what may be written past it.
constexpr std::int32_t kMaxSum = std::numeric_limits<std::int16_t>::max();

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

std::size_t shorts_per_k(int width) noexcept { return 256 * to_size(width); }

// Bit i: a code of block i occurs.
unsigned code_blocks_of(std::span<const std::uint8_t> codes) noexcept {
  std::array<bool, 256> occurs{};
  for (const std::uint8_t code : codes) occurs[code] = true;
  unsigned blocks = 0;
  for (unsigned code = 0; code < occurs.size(); ++code) {
    if (occurs[code]) blocks |= 1U << code / kCodeBlock;
  }
  return blocks;
}

}  // namespace

ErrorTable make_error_table(const arith::Multiplier& multiplier, std::int8_t zero_point) {
  const auto error = [&](std::size_t a, std::size_t b) {
    return multiplier.products()[a << 8 | b] -
           std::int32_t{static_cast<std::int8_t>(a)} * static_cast<std::int8_t>(b);
  };
  ErrorTable table{.columns = std::vector<std::int16_t>(arith::Multiplier::kNumProducts)};
  for (std::size_t b = 0; b < 256; ++b) {
    table.of_zero[b] = error(static_cast<std::uint8_t>(zero_point), b);
    for (std::size_t a = 0; a < 256; ++a) {
      const std::int32_t more = error(a, b) - table.of_zero[b];
      table.largest[b] = std::max(table.largest[b], std::abs(more));
      table.columns[b << 8 | a] = static_cast<std::int16_t>(more);
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
  source.code_blocks = kAllCodeBlocks;
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
  const int most =
      std::max(1, static_cast<int>(kPanelBytes / sizeof(std::int16_t) / shorts_per_k(block.width)));
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

template <typename Visit>
void ErrorPanels::for_each_segment(const ErrorTable& errors, int group, const Block& block,
                                   Visit visit) const {
  for (int k = 0; k < static_cast<int>(window_.depth());) {
    const int end = end_of_segment(errors, group, block, k);
    visit(k, end - k);
    k = end;
  }
}

bool ErrorPanels::pays(const ErrorTable& errors) const {
  if (errors.columns.empty() || stage_.is_narrow()) return false;
  std::size_t num_segments = 0;
  for (const Block& block : blocks_) {
    for_each_segment(errors, 0, block, [&](int, int) { ++num_segments; });
  }
  const std::size_t shortest = std::min(kMinSegment, window_.depth());
  return window_.depth() * blocks_.size() >= num_segments * shortest;
}

int ErrorPanels::safe_depth(const ErrorTable& errors) const {
  const int depth = static_cast<int>(window_.depth());
  int shortest = depth;
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const Block& block : blocks_) {
      for_each_segment(errors, group, block, [&](int first_k, int num_k) {
        if (first_k + num_k < depth) shortest = std::min(shortest, num_k);
      });
    }
  }
  return shortest;
}

// [groups][blocks][segments], each an ErrorSegment.
base::CacheLineVector<std::uint32_t> ErrorPanels::prepare(const ErrorTable& errors) const {
  base::CacheLineVector<std::uint32_t> words(num_bytes() / sizeof(std::uint32_t));
  auto* place = reinterpret_cast<std::int16_t*>(words.data());
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const Block& block : blocks_) {
      for_each_segment(errors, group, block, [&](int first_k, int num_k) {
        loops_.build_error_panel(source(errors, group, block, first_k, num_k), place);
        place += to_size(num_k) * shorts_per_k(block.width);
      });
    }
  }
  return words;
}

std::size_t ErrorPanels::row_bytes() const { return list_stride() * sizeof(std::uint32_t); }

std::size_t ErrorPanels::list_stride() const { return window_.depth() + kListSlack; }

const std::uint32_t* ErrorPanels::list_codes(const std::uint8_t* codes, int num_images,
                                             int group) const {
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  std::uint32_t* entries = grown(scratch().lists, num_rows * list_stride());
  loops_.list_codes(window_.runs(codes, num_images, 1, group),
                    static_cast<std::uint8_t>(layer_.in_zero_point), entries, list_stride());
  return entries;
}

// What every window has: the errors of all weights with the zero point.
void ErrorPanels::add_errors_of_zero(const ErrorTable& errors, std::size_t num_rows,
                                     std::uint32_t* sums) const {
  std::vector<std::uint32_t> base(stage_.stride());
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    for (std::size_t k = 0; k < window_.depth(); ++k) {
      const auto weight = static_cast<std::uint8_t>(layer_.weights[o * window_.depth() + k]);
      base[stage_.index(o)] += static_cast<std::uint32_t>(errors.of_zero[weight]);
    }
  }
  for (std::size_t row = 0; row < num_rows; ++row, sums += base.size()) {
    for (std::size_t i = 0; i < base.size(); ++i) sums[i] += base[i];
  }
}

void ErrorPanels::add(const ErrorTable& errors, const std::uint32_t* kept,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  add_errors_of_zero(errors, num_rows, sums);
  const unsigned code_blocks =
      kept == nullptr ? code_blocks_of({codes, to_size(num_images) * window_.padded_size()}) : 0;
  const auto* panel = reinterpret_cast<const std::int16_t*>(kept);
  std::vector<std::uint32_t>& cursors = scratch().cursors;
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    const std::uint32_t* entries = list_codes(codes, num_images, group);
    for (const Block& block : blocks_) {
      cursors.assign(num_rows, 0);
      for_each_segment(errors, group, block, [&](int first_k, int num_k) {
        const std::size_t size = to_size(num_k) * shorts_per_k(block.width);
        if (kept == nullptr) {
          PanelSource asked = source(errors, group, block, first_k, num_k);
          asked.code_blocks = code_blocks;
          std::int16_t* built = grown(scratch().error_panel, size);
          loops_.build_error_panel(asked, built);
          panel = built;
        }
        loops_.add_error_panel(
            {.entries = entries,
             .stride = list_stride(),
             .cursors = cursors.data(),
             .num_rows = num_rows},
            {.errors = panel, .first_k = first_k, .num_k = num_k, .width = block.width},
            {.data = sums + group * stage_.padded_run() + block.first,
             .stride = stage_.stride(),
             .add = true});
        panel += size;
      });
    }
  }
}

}  // namespace deepaxe::kernel::table
