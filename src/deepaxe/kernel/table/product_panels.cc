#include "deepaxe/kernel/table/product_panels.h"

#include <algorithm>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

std::size_t words_per_k(int width) noexcept { return 256 * to_size(width) / 2; }

const std::int16_t* columns_of(ProductPanels::Columns columns, std::size_t output) noexcept {
  return columns[columns.size() == 1 ? 0 : output];
}

}  // namespace

ProductPanels::ProductPanels(const ComputingLayer& layer, const Window& window,
                             const OutputStage& stage, const WeightRows& weight_rows,
                             const HotLoops& loops, const BlockSizes& sizes)
    : layer_(layer),
      window_(window),
      stage_(stage),
      weight_rows_(weight_rows),
      loops_(loops),
      sizes_(sizes),
      group_in_(layer.geometry.in_c / layer.geometry.groups),
      group_out_(layer.geometry.out_c / layer.geometry.groups) {
  if (!stage.is_narrow()) blocks_ = split_outputs(stage, sizes.panel_width);
}

std::size_t ProductPanels::group_words() const {
  return window_.depth() * words_per_k(stage_.padded_run());
}

std::size_t ProductPanels::num_bytes() const {
  return to_size(layer_.geometry.groups) * group_words() * sizeof(std::uint32_t);
}

Rows ProductPanels::rows_of(int group, const std::uint8_t* codes, int num_images) const {
  return {.input = codes + group * group_in_,
          .image_stride = window_.padded_size(),
          .num_images = num_images,
          .bases = window_.bases().data(),
          .num_rows = static_cast<int>(window_.num_positions()),
          .offsets = window_.offsets().data(),
          .num_k = static_cast<int>(window_.depth())};
}

PanelSource ProductPanels::source(Columns columns, int group, const OutputBlock& block, int first_k,
                                  int num_k) const {
  return make_panel_source(layer_, group, block, first_k, num_k,
                           [&](std::size_t output) { return columns_of(columns, output); });
}

// [groups][blocks][depth][256][width / 2]
base::CacheLineVector<std::uint32_t> ProductPanels::prepare(Columns columns) const {
  base::CacheLineVector<std::uint32_t> words(num_bytes() / sizeof(std::uint32_t));
  std::uint32_t* place = words.data();
  const int depth = static_cast<int>(window_.depth());
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    for (const OutputBlock& block : blocks_) {
      loops_.build_panel(source(columns, group, block, 0, depth), place);
      place += window_.depth() * words_per_k(block.width);
    }
  }
  return words;
}

void ProductPanels::sum_group(Columns columns, const std::uint32_t* kept, int group,
                              const Rows& rows, std::uint32_t* sums) const {
  for (const OutputBlock& block : blocks_) {
    const std::size_t words = words_per_k(block.width);
    const int k_step =
        std::max(1, static_cast<int>(sizes_.panel_bytes / sizeof(std::uint32_t) / words));
    for (int first_k = 0; first_k < rows.num_k; first_k += k_step) {
      Rows part = rows;
      part.offsets += first_k;
      part.num_k = std::min(k_step, rows.num_k - first_k);
      const std::uint32_t* panel = kept;
      if (kept != nullptr) {
        kept += to_size(part.num_k) * words;
      } else {
        std::uint32_t* built = grown(scratch().panel, to_size(part.num_k) * words);
        loops_.build_panel(source(columns, group, block, first_k, part.num_k), built);
        panel = built;
      }
      loops_.add_panel(part, panel, block.width,
                       {.data = sums + block.first, .stride = stage_.stride(), .add = first_k > 0});
    }
  }
}

void ProductPanels::sum_panels(Columns columns, const std::uint32_t* kept,
                               const std::uint8_t* codes, int num_images,
                               std::uint32_t* sums) const {
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    const std::uint32_t* of_group =
        kept == nullptr ? nullptr : kept + to_size(group) * group_words();
    sum_group(columns, of_group, group, rows_of(group, codes, num_images),
              sums + group * stage_.padded_run());
  }
}

void ProductPanels::sum_direct(const std::int16_t* products, const std::uint8_t* codes,
                               int num_images, std::uint32_t* sums) const {
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    loops_.add_direct(
        rows_of(group, codes, num_images),
        {.products = products,
         .weights = weight_rows_.of_group(group),
         .weight_stride = weight_rows_.stride(),
         .num_outputs = group_out_},
        {.data = sums + group * stage_.padded_run(), .stride = stage_.stride(), .add = false});
  }
}

void ProductPanels::sum_columns(Columns columns, const std::uint8_t* codes, int num_images,
                                std::uint32_t* sums) const {
  const std::size_t depth = window_.depth();
  const std::int16_t** of_output = grown(scratch().columns, depth);
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    for (std::size_t k = 0; k < depth; ++k) {
      const auto weight = static_cast<std::uint8_t>(layer_.weights[o * depth + k]);
      of_output[k] = columns_of(columns, o) + 256 * std::size_t{weight};
    }
    const int group = static_cast<int>(o / to_size(group_out_));
    loops_.add_columns(rows_of(group, codes, num_images), of_output,
                       {.data = sums + stage_.index(o), .stride = stage_.stride(), .add = false});
  }
}

}  // namespace deepaxe::kernel::table
