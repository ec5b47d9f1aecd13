#include "deepaxe/kernel/table/error_panels.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kMinSegment = 6;  // On average, for widening to pay.
constexpr std::size_t kListSlack = 17;  // The end, and what may be written past it.
constexpr std::int32_t kMaxSum = std::numeric_limits<std::int16_t>::max();

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

// What every window has in common.
void add_to_rows(std::span<const std::uint32_t> base, std::size_t num_rows, std::uint32_t* sums) {
  for (std::size_t row = 0; row < num_rows; ++row, sums += base.size()) {
    for (std::size_t i = 0; i < base.size(); ++i) sums[i] += base[i];
  }
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

std::size_t ErrorTable::num_bytes() const {
  return sizeof *this + columns.size() * sizeof columns.front();
}

std::size_t ErrorPlan::num_bytes() const {
  std::size_t size = sizeof *this + of_zero.size() * sizeof of_zero.front();
  for (const std::vector<Segment>& some : segments) {
    size += sizeof segments.front() + some.size() * sizeof some.front();
  }
  return size;
}

ErrorPanels::ErrorPanels(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const HotLoops& loops, const BlockSizes& sizes)
    : layer_(layer),
      window_(window),
      stage_(stage),
      loops_(loops),
      sizes_(sizes),
      blocks_(split_outputs(stage, sizes.error_width)) {}

std::size_t ErrorPanels::num_bytes() const {
  return to_size(layer_.geometry.groups) * window_.depth() * shorts_per_k(stage_.padded_run()) *
         sizeof(std::int16_t);
}

PanelSource ErrorPanels::source(const ErrorTable& errors, int group, const OutputBlock& block,
                                const ErrorPlan::Segment& segment) const {
  return make_panel_source(layer_, group, block, segment.first_k, segment.num_k,
                           [&](std::size_t) { return errors.columns.data(); });
}

// As far as the errors of every output of the block fit into 16 bits, whatever the activations, and
// the panel into its share of the cache; at least one k.
int ErrorPanels::end_of_segment(const ErrorTable& errors, int group, const OutputBlock& block,
                                int first_k) const {
  const int most = std::max(1, static_cast<int>(sizes_.error_panel_bytes / sizeof(std::int16_t) /
                                                shorts_per_k(block.width)));
  int end = std::min(first_k + most, static_cast<int>(window_.depth()));
  for (int i = 0; i < num_outputs(layer_, block); ++i) {
    const std::int8_t* weights = weights_of(layer_, group, block, i);
    std::int32_t sum = 0;
    for (int k = first_k; k < end; ++k) {
      sum += errors.largest[static_cast<std::uint8_t>(weights[k])];
      if (sum > kMaxSum) end = k;
    }
  }
  return end;
}

std::vector<ErrorPlan::Segment> ErrorPanels::segments_of(const ErrorTable& errors, int group,
                                                         const OutputBlock& block) const {
  std::vector<ErrorPlan::Segment> segments;
  for (int k = 0; k < static_cast<int>(window_.depth());) {
    const int end = end_of_segment(errors, group, block, k);
    segments.push_back({.first_k = k, .num_k = end - k});
    k = end;
  }
  return segments;
}

std::vector<std::uint32_t> ErrorPanels::errors_of_zero(const ErrorTable& errors) const {
  std::vector<std::uint32_t> sums(stage_.stride());
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    for (std::size_t k = 0; k < window_.depth(); ++k) {
      const auto weight = static_cast<std::uint8_t>(layer_.weights[o * window_.depth() + k]);
      sums[stage_.index(o)] += static_cast<std::uint32_t>(errors.of_zero[weight]);
    }
  }
  return sums;
}

ErrorPlan ErrorPanels::plan(const ErrorTable& errors) const {
  ErrorPlan plan;
  if (errors.columns.empty() || stage_.is_narrow()) return plan;
  const int depth = static_cast<int>(window_.depth());
  plan.safe_depth = depth;
  std::size_t num_segments = 0;  // Of the first group: the others are like it.
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const OutputBlock& block : blocks_) {
      plan.segments.push_back(segments_of(errors, group, block));
      if (group == 0) num_segments += plan.segments.back().size();
      for (const ErrorPlan::Segment& segment : plan.segments.back()) {
        const bool is_last = segment.first_k + segment.num_k == depth;
        if (!is_last) plan.safe_depth = std::min(plan.safe_depth, segment.num_k);
      }
    }
  }
  plan.of_zero = errors_of_zero(errors);
  const std::size_t shortest = std::min(kMinSegment, window_.depth());
  plan.pays = window_.depth() * blocks_.size() >= num_segments * shortest;
  return plan;
}

// [groups][blocks][segments], each an ErrorSegment.
base::CacheLineVector<std::uint32_t> ErrorPanels::prepare(const ErrorTable& errors,
                                                          const ErrorPlan& plan) const {
  base::CacheLineVector<std::uint32_t> words(num_bytes() / sizeof(std::uint32_t));
  auto* place = reinterpret_cast<std::int16_t*>(words.data());
  for (std::size_t i = 0; i < plan.segments.size(); ++i) {
    const OutputBlock& block = blocks_[i % blocks_.size()];
    const int group = static_cast<int>(i / blocks_.size());
    for (const ErrorPlan::Segment& segment : plan.segments[i]) {
      loops_.build_error_panel(source(errors, group, block, segment), place);
      place += to_size(segment.num_k) * shorts_per_k(block.width);
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

void ErrorPanels::add(const ErrorTable& errors, const ErrorPlan& plan, const std::uint32_t* kept,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  add_to_rows(plan.of_zero, num_rows, sums);
  const unsigned code_blocks =
      kept == nullptr ? code_blocks_of({codes, to_size(num_images) * window_.padded_size()}) : 0;
  const auto* panel = reinterpret_cast<const std::int16_t*>(kept);
  std::vector<std::uint32_t>& cursors = scratch().cursors;
  const std::uint32_t* entries = nullptr;
  for (std::size_t i = 0; i < plan.segments.size(); ++i) {
    const OutputBlock& block = blocks_[i % blocks_.size()];
    const int group = static_cast<int>(i / blocks_.size());
    if (i % blocks_.size() == 0) entries = list_codes(codes, num_images, group);
    cursors.assign(num_rows, 0);
    for (const ErrorPlan::Segment& segment : plan.segments[i]) {
      const std::size_t size = to_size(segment.num_k) * shorts_per_k(block.width);
      if (kept == nullptr) {
        PanelSource asked = source(errors, group, block, segment);
        asked.code_blocks = code_blocks;
        std::int16_t* built = grown(scratch().error_panel, size);
        loops_.build_error_panel(asked, built);
        panel = built;
      }
      loops_.add_error_panel({.entries = entries,
                              .stride = list_stride(),
                              .cursors = cursors.data(),
                              .num_rows = num_rows},
                             {.errors = panel,
                              .first_k = segment.first_k,
                              .num_k = segment.num_k,
                              .width = block.width},
                             {.data = sums + group * stage_.padded_run() + block.first,
                              .stride = stage_.stride(),
                              .add = true});
      panel += size;
    }
  }
}

}  // namespace deepaxe::kernel::table
