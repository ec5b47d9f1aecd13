#include "deepaxe/kernel/table/error_panels.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kListSlack = 16;  // What may be written past the end of a list.
constexpr std::int32_t kMaxSum = std::numeric_limits<std::int16_t>::max();

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
  ErrorTable table{.errors = std::vector<std::int16_t>(arith::Multiplier::kNumProducts)};
  for (std::size_t b = 0; b < 256; ++b) {
    table.of_zero[b] = error(static_cast<std::uint8_t>(zero_point), b);
    for (std::size_t a = 0; a < 256; ++a) {
      const std::int32_t more = error(a, b) - table.of_zero[b];
      table.largest[b] = std::max(table.largest[b], std::abs(more));
      table.errors[a << 8 | b] = static_cast<std::int16_t>(more);
    }
    if (table.largest[b] > kMaxSum) return {};
  }
  return table;
}

std::size_t ErrorTable::num_bytes() const {
  return sizeof *this + errors.size() * sizeof errors.front();
}

std::size_t ErrorPlan::num_bytes() const {
  return sizeof *this + of_zero.size() * sizeof of_zero.front();
}

// One group of some images: what all blocks of outputs share.
struct ErrorPanels::Work {
  const ErrorTable& errors;
  int safe_depth;
  int group;
  CodeRanks ranks;
  const std::uint32_t* first_rows;  // [depth + 1], less 1; see list_rows.
  RowLists lists;
  const std::uint32_t* starts;  // [lists.num_rows]
  std::uint32_t* sums;
};

ErrorPanels::ErrorPanels(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const WeightRows& weight_rows,
                         const HotLoops& loops, const BlockSizes& sizes)
    : layer_(layer),
      window_(window),
      stage_(stage),
      weight_rows_(weight_rows),
      loops_(loops),
      sizes_(sizes),
      group_in_(layer.geometry.in_c / layer.geometry.groups) {
  plan_blocks();
}

void ErrorPanels::plan_blocks() {
  const int unit = loops_.error_unit;
  const int units = round_up(layer_.geometry.out_c / layer_.geometry.groups, unit) / unit;
  const int most = std::clamp(sizes_.error_width / unit, 1, kMaxErrorUnits);
  const int num_blocks = round_up(units, most) / most;
  const int group_out = layer_.geometry.out_c / layer_.geometry.groups;
  for (int i = 0, first = 0; i < num_blocks; ++i) {
    const int width = (units * (i + 1) / num_blocks - units * i / num_blocks) * unit;
    blocks_.push_back(
        {.first = first, .num_outputs = std::min(width, group_out - first), .width = width});
    first += width;
  }
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
  if (errors.errors.empty() || stage_.is_narrow()) return {};
  std::int32_t largest = 1;
  for (const std::int8_t weight : layer_.weights) {
    largest = std::max(largest, errors.largest[static_cast<std::uint8_t>(weight)]);
  }
  return {.of_zero = errors_of_zero(errors),
          .safe_depth = std::min(kMaxSum / largest, static_cast<int>(window_.depth()))};
}

std::size_t ErrorPanels::row_bytes() const {
  return (window_.depth() + kListEnds + stage_.stride()) * sizeof(std::uint32_t);
}

// The panel row before the first one of each k, for the codes of a group's channels; one more
// element than there are k.
const std::uint32_t* ErrorPanels::first_rows(const std::uint32_t* first) const {
  std::uint32_t* rows = grown(scratch().first_rows, window_.depth() + 1);
  std::uint32_t row = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t k = 0; k < window_.depth(); ++k) {
    rows[k] = row;
    const std::size_t channel = k % to_size(group_in_);
    row += first[channel + 1] - first[channel];
  }
  rows[window_.depth()] = row;
  return rows;
}

// As many k as the share of the cache has room for, at least one.
int ErrorPanels::end_of_part(const std::uint32_t* first_rows, int first_k, int width) const {
  const std::size_t row_size = to_size(width) * sizeof(std::int16_t);
  int end = first_k + 1;
  while (end < static_cast<int>(window_.depth()) &&
         std::size_t{first_rows[end + 1] - first_rows[first_k]} * row_size <=
             sizes_.error_panel_bytes) {
    ++end;
  }
  return end;
}

void ErrorPanels::add_block(const Work& work, const Block& block) const {
  std::copy_n(work.starts, work.lists.num_rows, work.lists.cursors);
  const std::size_t stride = weight_rows_.stride();
  const std::uint8_t* weights = weight_rows_.of_group(work.group) + block.first;
  for (int k = 0; k < static_cast<int>(window_.depth());) {
    const int end = end_of_part(work.first_rows, k, block.width);
    const std::uint32_t first_row = work.first_rows[k] + 1;
    const std::uint32_t end_row = work.first_rows[end] + 1;
    const std::size_t size = std::size_t{end_row - first_row} * to_size(block.width);
    std::int16_t* panel = grown(scratch().error_panel, size);
    loops_.build_error_panel({.errors = work.errors.errors.data(),
                              .weights = weights + to_size(k) * stride,
                              .weight_stride = stride,
                              .codes = work.ranks.codes,
                              .first = work.ranks.first + work.group * group_in_,
                              .num_channels = group_in_,
                              .first_k = k,
                              .num_k = end - k,
                              .width = block.width},
                             panel);
    loops_.add_error_panel(
        work.lists,
        {.errors = panel,
         .first_row = first_row,
         .end_row = end_row,
         .width = block.width,
         .num_outputs = block.num_outputs,
         .safe_count = work.safe_depth},
        {.data = work.sums + block.first, .stride = stage_.stride(), .add = true});
    k = end;
  }
}

void ErrorPanels::add(const ErrorTable& errors, const ErrorPlan& plan, const std::uint8_t* codes,
                      int num_images, std::uint32_t* sums) const {
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  add_to_rows(plan.of_zero, num_rows, sums);
  const auto channels = to_size(layer_.geometry.in_c);
  const CodeRanks ranks = rank_codes(codes, to_size(num_images) * window_.padded_size() / channels,
                                     channels, static_cast<std::uint8_t>(layer_.in_zero_point));
  std::uint32_t* entries =
      grown(scratch().lists, num_rows * (window_.depth() + kListEnds) + kListSlack);
  std::uint32_t* starts = grown(scratch().starts, num_rows);
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    const std::uint32_t* rows = first_rows(ranks.first + group * group_in_);
    loops_.list_rows(window_.runs(ranks.ranks, num_images, 1, group), rows, entries, starts);
    const Work work = {.errors = errors,
                       .safe_depth = plan.safe_depth,
                       .group = group,
                       .ranks = ranks,
                       .first_rows = rows,
                       .lists = {.entries = entries,
                                 .cursors = grown(scratch().cursors, num_rows),
                                 .num_rows = num_rows},
                       .starts = starts,
                       .sums = sums + group * stage_.padded_run()};
    for (const Block& block : blocks_) add_block(work, block);
  }
}

}  // namespace deepaxe::kernel::table
