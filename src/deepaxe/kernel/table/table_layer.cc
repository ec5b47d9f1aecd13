#include "deepaxe/kernel/table/table_layer.h"

#include <algorithm>

#include "deepaxe/base/assertion.h"
#include "deepaxe/kernel/table/scratch.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kChunkBytes = 256 << 10;         // What is in use stays in L2,
constexpr std::size_t kScratchPanelBytes = 256 << 10;  // and so does the panel.
constexpr int kRowsPerPanel = 4096;  // A panel for one call is built for at most so many rows.
constexpr int kMinCachedPositions = 16;
constexpr int kMaxTerms = 5;         // Panels cost as much as about so many matrix products.
constexpr int kMinMixedRows = 160;   // Several multipliers: column look-ups cost about one load.

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

int round_up(int value, int multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

std::size_t words_per_k(int width) noexcept { return 256 * to_size(width) / 2; }

bool has_errors(Path path) noexcept {
  return path == Path::kCachedErrors || path == Path::kScratchErrors;
}

const arith::Multiplier& exact_multiplier() {
  static const arith::Multiplier exact = arith::Multiplier::exact();
  return exact;
}

bool is_uniform(MultiplierSpan multipliers) noexcept {
  return std::all_of(multipliers.begin(), multipliers.end(),
                     [&](const arith::Multiplier* m) { return m == multipliers.front(); });
}

}  // namespace

// What one call of convolve or accumulate works with.
struct TableLayer::Call {
  MultiplierSpan multipliers;
  Path path;
  std::vector<PanelCache::ProductsPtr> transposed;  // [1] or [out_c]; empty for kDirect.
  PanelCache::WordsPtr panels;                      // kCachedPanel and kCachedErrors only.
  PanelCache::FactorsPtr factors;                   // Of kFactors; those of the exact
  PanelCache::WordsPtr factor_weights;              // multiplier with errors.
  PanelCache::ErrorTablePtr errors;                 // kCachedErrors and kScratchErrors only.

  const std::int16_t* columns_of(std::size_t output) const noexcept {
    return transposed[transposed.size() == 1 ? 0 : output]->data();
  }
};

TableLayer::TableLayer(const ComputingLayer& layer, PanelCache& cache, const TableOptions& options)
    : layer_(layer),
      cache_(cache),
      options_(options),
      loops_(hot_loops(options.isa)),
      factor_owner_(cache.new_owner()),
      panel_owner_(cache.new_owner()),
      window_(layer),
      stage_(layer, loops_),
      pairs_(layer, window_, stage_, loops_),
      bytes_(layer, window_, stage_, loops_),
      errors_(layer, window_, stage_, loops_),
      group_in_(layer.geometry.in_c / layer.geometry.groups),
      group_out_(layer.geometry.out_c / layer.geometry.groups) {
  if (stage_.is_narrow()) return;
  plan_blocks();
  plan_direct();
}

void TableLayer::plan_blocks() {
  for (int first = 0; first < stage_.padded_run();) {
    int width = kMaxPanelWidth;
    while (width > stage_.padded_run() - first) width /= 2;
    blocks_.push_back({.first = first, .width = width});
    first += width;
  }
}

void TableLayer::plan_direct() {
  const ConvGeometry& g = layer_.geometry;
  direct_stride_ = to_size(round_up(group_out_, 32));
  direct_weights_.resize(to_size(g.groups) * g.depth() * direct_stride_);
  for (std::size_t o = 0; o < to_size(g.out_c); ++o) {
    const std::size_t group = o / to_size(group_out_);
    for (std::size_t k = 0; k < g.depth(); ++k) {
      direct_weights_[(group * g.depth() + k) * direct_stride_ + o % to_size(group_out_)] =
          static_cast<std::uint8_t>(layer_.weights[o * g.depth() + k]);
    }
  }
}

// As many images as use kChunkBytes; panels that are built for one call serve kRowsPerPanel rows.
int TableLayer::chunk_images(const Call& call) const {
  std::size_t rows = kRowsPerPanel;
  if (call.path == Path::kFactors) {
    const Factors& factors = *call.factors;
    rows = kChunkBytes / (multiplies_bytes(factors) ? bytes_.row_bytes(factors.bytes.terms.size())
                                                    : pairs_.row_bytes(factors.words.terms.size()));
  }
  return static_cast<int>(std::max<std::size_t>(1, rows / window_.num_positions()));
}

// What a test asks for, or what comes nearest among the paths that can serve the multipliers.
Path TableLayer::possible_path(Path asked, MultiplierSpan multipliers) const {
  const bool uniform = is_uniform(multipliers);
  switch (asked) {
    case Path::kCachedPanel:
      return uniform ? asked : Path::kScratchPanel;
    case Path::kDirect:
      return uniform ? asked : Path::kColumns;
    case Path::kFactors:
      return uniform && has_factors(*multipliers.front()) ? asked : Path::kScratchPanel;
    case Path::kCachedErrors:
    case Path::kScratchErrors:
      return uniform && !cache_.errors(*multipliers.front())->columns.empty()
                 ? asked
                 : Path::kScratchPanel;
    case Path::kScratchPanel:
    case Path::kColumns:
      break;
  }
  return asked;
}

bool TableLayer::has_factors(const arith::Multiplier& multiplier) const {
  return !cache_.factors(multiplier, kMaxTerms)->words.terms.empty();
}

Path TableLayer::path(MultiplierSpan multipliers, int batch) const {
  if (stage_.is_narrow()) return Path::kColumns;
  if (options_.path.has_value()) return possible_path(*options_.path, multipliers);
  const int positions = static_cast<int>(window_.num_positions());
  const int rows = std::min(batch * positions, kRowsPerPanel);
  if (!is_uniform(multipliers)) return rows >= kMinMixedRows ? Path::kScratchPanel : Path::kColumns;
  const arith::Multiplier& multiplier = *multipliers.front();
  if (has_factors(multiplier)) return Path::kFactors;
  const bool is_cached = positions >= kMinCachedPositions && errors_.num_bytes() <= kMaxCachedBytes;
  if (!is_cached && rows < loops_.min_scratch_rows) return Path::kDirect;
  if (errors_.pays(*cache_.errors(multiplier))) {
    return is_cached ? Path::kCachedErrors : Path::kScratchErrors;
  }
  return is_cached ? Path::kCachedPanel : Path::kScratchPanel;
}

PanelSource TableLayer::panel_source(const Call& call, int group, const Block& block, int first_k,
                                     int num_k) const {
  PanelSource source = {};
  source.num_k = num_k;
  source.width = block.width;
  for (int i = 0; i < std::min(block.width, group_out_ - block.first); ++i) {
    const std::size_t output = to_size(group * group_out_ + block.first + i);
    source.columns[i] = call.columns_of(output);
    source.weights[i] = reinterpret_cast<const std::uint8_t*>(layer_.weights.data()) +
                        output * window_.depth() + first_k;
  }
  return source;
}

// [groups][blocks][depth][256][width / 2]
PanelCache::Words TableLayer::build_panels(const Call& call) const {
  const ConvGeometry& g = layer_.geometry;
  PanelCache::Words words(to_size(g.groups) * window_.depth() *
                          words_per_k(stage_.padded_run()));
  std::uint32_t* place = words.data();
  const int depth = static_cast<int>(window_.depth());
  for (int group = 0; group < g.groups; ++group) {
    for (const Block& block : blocks_) {
      loops_.build_panel(panel_source(call, group, block, 0, depth), place);
      place += window_.depth() * words_per_k(block.width);
    }
  }
  return words;
}

void TableLayer::sum_panels(const Call& call, int group, const Rows& rows, const Sums& sums) const {
  const std::size_t group_words = window_.depth() * words_per_k(stage_.padded_run());
  const std::uint32_t* kept =
      call.panels == nullptr ? nullptr : call.panels->data() + to_size(group) * group_words;
  for (const Block& block : blocks_) {
    const std::size_t words = words_per_k(block.width);
    const int k_step = std::max(1, static_cast<int>(kScratchPanelBytes / 4 / words));
    for (int first_k = 0; first_k < rows.num_k; first_k += k_step) {
      Rows part = rows;
      part.offsets += first_k;
      part.num_k = std::min(k_step, rows.num_k - first_k);
      const std::uint32_t* panel = kept;
      if (kept != nullptr) {
        kept += to_size(part.num_k) * words;
      } else {
        std::uint32_t* built = grown(scratch().panel, to_size(part.num_k) * words);
        loops_.build_panel(panel_source(call, group, block, first_k, part.num_k), built);
        panel = built;
      }
      loops_.add_panel(
          part, panel, block.width,
          {.data = sums.data + block.first, .stride = sums.stride, .add = first_k > 0});
    }
  }
}

bool TableLayer::multiplies_bytes(const Factors& factors) const {
  return loops_.bytes != nullptr && !factors.bytes.terms.empty();
}

void TableLayer::sum_direct(const Call& call, int group, const Rows& rows, const Sums& sums) const {
  loops_.add_direct(
      rows,
      {.products = call.multipliers.front()->products().data(),
       .weights = direct_weights_.data() + to_size(group) * window_.depth() * direct_stride_,
       .weight_stride = direct_stride_,
       .num_outputs = group_out_},
      sums);
}

void TableLayer::sum_columns(const Call& call, int group, const Rows& rows,
                             const Sums& sums) const {
  const std::int16_t** columns = grown(scratch().columns, window_.depth());
  for (int i = 0; i < group_out_; ++i) {
    const std::size_t output = to_size(group * group_out_ + i);
    for (std::size_t k = 0; k < window_.depth(); ++k) {
      const auto weight = static_cast<std::uint8_t>(layer_.weights[output * window_.depth() + k]);
      columns[k] = call.columns_of(output) + 256 * std::size_t{weight};
    }
    loops_.add_columns(
        rows, columns,
        {.data = sums.data + stage_.index(output), .stride = sums.stride, .add = false});
  }
}

PanelCache::WordsPtr TableLayer::prepared_factors(const arith::Multiplier& multiplier,
                                                  const Factors& factors) const {
  return cache_.find_or_build(factor_owner_, multiplier, [&] {
    return multiplies_bytes(factors) ? bytes_.prepare(factors.bytes)
                                     : pairs_.prepare(factors.words);
  });
}

// Chooses the path and fetches from the cache what it reads.
TableLayer::Call TableLayer::prepare(MultiplierSpan multipliers, int batch) const {
  Call call{.multipliers = multipliers,
            .path = path(multipliers, batch),
            .transposed = {},
            .panels = nullptr,
            .factors = nullptr,
            .factor_weights = nullptr,
            .errors = nullptr};
  const bool uniform = is_uniform(multipliers);
  const auto fetch_transposed = [&] {
    for (const arith::Multiplier* m : uniform ? multipliers.first(1) : multipliers) {
      call.transposed.push_back(cache_.transposed(*m));
    }
  };
  if (call.path == Path::kCachedPanel) {
    call.panels = cache_.find_or_build(panel_owner_, *multipliers.front(), [&] {
      fetch_transposed();
      return build_panels(call);
    });
  } else if (call.path == Path::kFactors) {
    call.factors = cache_.factors(*multipliers.front(), kMaxTerms);
    call.factor_weights = prepared_factors(*multipliers.front(), *call.factors);
  } else if (has_errors(call.path)) {
    call.factors = cache_.factors(exact_multiplier(), kMaxTerms);
    call.factor_weights = prepared_factors(exact_multiplier(), *call.factors);
    call.errors = cache_.errors(*multipliers.front());
    if (call.path == Path::kCachedErrors) {
      call.panels = cache_.find_or_build(panel_owner_, *multipliers.front(),
                                         [&] { return errors_.prepare(*call.errors); });
    }
  } else if (call.path != Path::kDirect) {
    fetch_transposed();
  }
  return call;
}

void TableLayer::sum_factors(const Call& call, const std::uint8_t* codes, int num_images,
                             std::uint32_t* sums) const {
  if (multiplies_bytes(*call.factors)) {
    bytes_.sum(call.factors->bytes, *call.factor_weights, codes, num_images, sums);
  } else {
    pairs_.sum(call.factors->words, *call.factor_weights, codes, num_images, sums);
  }
}

// The sums, bias not yet added, of a few images: [images, positions, stage_.stride()].
void TableLayer::sum(const Call& call, const std::uint8_t* codes, int num_images,
                     std::uint32_t* sums) const {
  if (call.factors != nullptr) {
    sum_factors(call, codes, num_images, sums);
    if (has_errors(call.path)) {
      const std::uint32_t* kept = call.panels == nullptr ? nullptr : call.panels->data();
      errors_.add(*call.errors, kept, codes, num_images, sums);
    }
    return;
  }
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    const Rows rows = {.input = codes + group * group_in_,
                       .image_stride = window_.padded_size(),
                       .num_images = num_images,
                       .bases = window_.bases().data(),
                       .num_rows = static_cast<int>(window_.num_positions()),
                       .offsets = window_.offsets().data(),
                       .num_k = static_cast<int>(window_.depth())};
    const Sums of_group = {
        .data = sums + group * stage_.padded_run(), .stride = stage_.stride(), .add = false};
    if (call.path == Path::kDirect) {
      sum_direct(call, group, rows, of_group);
    } else if (call.path == Path::kColumns) {
      sum_columns(call, group, rows, {.data = sums, .stride = stage_.stride(), .add = false});
    } else {
      sum_panels(call, group, rows, of_group);
    }
  }
}

// Calls finish(first_image, num_rows, sums) for a few images at a time.
template <typename Finish>
void TableLayer::for_each_chunk(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                                Finish finish) const {
  const ConvGeometry& g = layer_.geometry;
  DEEPAXE_ASSERT(multipliers.size() == 1 || multipliers.size() == to_size(g.out_c));
  const Call call = prepare(multipliers, batch);
  const int step = chunk_images(call);
  for (int first = 0; first < batch; first += step) {
    const int num_images = std::min(step, batch - first);
    const std::size_t num_rows = to_size(num_images) * window_.num_positions();
    const std::uint8_t* codes = window_.pad(input + to_size(first) * g.in_size(), num_images);
    std::uint32_t* sums = grown(scratch().sums, num_rows * stage_.stride());
    sum(call, codes, num_images, sums);
    finish(first, num_rows, sums);
  }
}

void TableLayer::accumulate(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                            std::int32_t* accumulators) const {
  const std::size_t size = layer_.geometry.out_size();
  for_each_chunk(multipliers, input, batch,
                 [&](int first, std::size_t num_rows, const std::uint32_t* sums) {
                   stage_.to_accumulators(sums, num_rows, accumulators + to_size(first) * size);
                 });
}

void TableLayer::convolve(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                          std::int8_t* output) const {
  const std::size_t size = layer_.geometry.out_size();
  for_each_chunk(multipliers, input, batch,
                 [&](int first, std::size_t num_rows, const std::uint32_t* sums) {
                   stage_.to_codes(sums, num_rows, output + to_size(first) * size);
                 });
}

}  // namespace deepaxe::kernel::table
