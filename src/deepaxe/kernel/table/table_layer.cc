#include "deepaxe/kernel/table/table_layer.h"

#include <algorithm>
#include <vector>

#include "deepaxe/base/assertion.h"
#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kMinCachedPositions = 16;
constexpr int kMinErrorRows = 8;     // Fewer: one look-up for each product takes as long.
constexpr int kMinSparseRows = 512;  // Fewer: rows of errors are built for too few windows.
constexpr int kMinSafeErrors = 16;   // For a choice: widening them then costs little.
constexpr int kMinMixedRows = 160;   // Several multipliers: column look-ups cost about one load.

const arith::Multiplier& exact_multiplier() {
  static const arith::Multiplier exact = arith::Multiplier::exact();
  return exact;
}

bool is_uniform(MultiplierSpan multipliers) noexcept {
  return std::all_of(multipliers.begin(), multipliers.end(),
                     [&](const arith::Multiplier* m) { return m == multipliers.front(); });
}

// In counters of a byte, which vectors hold as many of as codes: std::count widens each.
std::size_t count_of(std::int8_t code, const std::int8_t* codes, std::size_t size) noexcept {
  constexpr std::size_t kMost = 255;
  std::size_t count = 0;
  for (std::size_t first = 0; first < size; first += kMost) {
    const std::size_t end = std::min(size, first + kMost);
    std::uint8_t of_some = 0;
    for (std::size_t i = first; i < end; ++i) {
      of_some = static_cast<std::uint8_t>(of_some + (codes[i] == code ? 1 : 0));
    }
    count += of_some;
  }
  return count;
}

std::string_view strategy_of(Path path) noexcept {
  switch (path) {
    case Path::kCachedPanel:
      return "panels of products, kept";
    case Path::kScratchPanel:
      return "panels of products";
    case Path::kDirect:
      return "table rows";
    case Path::kColumns:
      return "single look-ups";
    case Path::kErrors:
      return "exact product and panels of errors";
    case Path::kFactors:
      break;
  }
  return "matrix product";
}

}  // namespace

struct TableLayer::Prepared {
  Path path;
  const std::int16_t* products;                   // Of the only multiplier.
  std::vector<PanelCache::ProductsPtr> owned;     // What `columns` points to.
  std::vector<const std::int16_t*> columns = {};  // [1] or [out_c]; see ProductPanels.
  PanelCache::WordsPtr panels = nullptr;          // Those that are kept.
  PanelCache::FactorsPtr factors = nullptr;       // Of kFactors; with errors, those of the
  PanelCache::WordsPtr factor_weights = nullptr;  // exact multiplier.
  PanelCache::ErrorTablePtr errors = nullptr;
  PanelCache::ErrorPlanPtr plan = nullptr;

  const std::uint32_t* kept_panels() const noexcept {
    return panels == nullptr ? nullptr : panels->data();
  }
};

TableLayer::TableLayer(const ComputingLayer& layer, PanelCache& cache, const TableOptions& options)
    : layer_(layer),
      cache_(cache),
      options_(options),
      factor_owner_(cache.new_owner()),
      panel_owner_(cache.new_owner()),
      plan_owner_(cache.new_owner()),
      window_(layer),
      stage_(layer, options_.loops),
      factors_(layer, window_, stage_, options_.loops, options_.sizes),
      weight_rows_(layer),
      errors_(layer, window_, stage_, weight_rows_, options_.loops, options_.sizes),
      panels_(layer, window_, stage_, weight_rows_, options_.loops, options_.sizes) {}

PanelCache::FactorsPtr TableLayer::factors_of(const arith::Multiplier& multiplier) const {
  return cache_.factors(multiplier, FactorProduct::max_terms(options_.loops));
}

PanelCache::ErrorTablePtr TableLayer::errors_of(const arith::Multiplier& multiplier) const {
  return cache_.errors(multiplier, layer_.in_zero_point);
}

PanelCache::ErrorPlanPtr TableLayer::plan_of(const arith::Multiplier& multiplier) const {
  return cache_.find_or_build(plan_owner_, multiplier,
                              [&] { return errors_.plan(*errors_of(multiplier)); });
}

// A path that a test asks for, or what comes nearest among those that can serve the multipliers.
Path TableLayer::possible_path(Path asked, MultiplierSpan multipliers) const {
  const bool uniform = is_uniform(multipliers);
  const Path otherwise = stage_.is_narrow() ? Path::kColumns : Path::kScratchPanel;
  switch (asked) {
    case Path::kFactors:
      return uniform && factors_.is_possible(*factors_of(*multipliers.front())) ? asked : otherwise;
    case Path::kErrors:
      return uniform && plan_of(*multipliers.front())->safe_depth > 0 ? asked : otherwise;
    case Path::kCachedPanel:
      return uniform && !stage_.is_narrow() ? asked : otherwise;
    case Path::kDirect:
      return uniform && !stage_.is_narrow() ? asked : Path::kColumns;
    case Path::kScratchPanel:
      return otherwise;
    case Path::kColumns:
      break;
  }
  return asked;
}

int TableLayer::num_rows(int batch) const {
  return batch * static_cast<int>(window_.num_positions());
}

// Longer sums than a few products take longer than the exact one and a few errors, where enough
// windows share their rows.
bool TableLayer::errors_beat_factors(const arith::Multiplier& multiplier, const Factors& factors,
                                     int batch) const {
  return num_rows(batch) >= kMinSparseRows &&
         factors_.num_terms(factors) > to_size(options_.loops.max_sparse_terms) &&
         plan_of(multiplier)->safe_depth >= kMinSafeErrors;
}

TableLayer::PathAndReason TableLayer::choose_uniform(const arith::Multiplier& multiplier, int batch,
                                                     Activations activations) const {
  const PanelCache::FactorsPtr factors = factors_of(multiplier);
  if (factors_.is_possible(*factors)) {
    if (activations == Activations::kSparse && errors_beat_factors(multiplier, *factors, batch)) {
      return {Path::kErrors, "most activations are the zero point's"};
    }
    return {Path::kFactors, "the products are a short sum of products of functions of one operand"};
  }
  if (stage_.is_narrow()) return {Path::kColumns, "too few outputs in a group for a panel"};
  const int rows = num_rows(batch);
  if (rows >= kMinErrorRows && plan_of(multiplier)->safe_depth > 0) {
    return {Path::kErrors, "no short sum; errors of the codes that occur fit 16 bits"};
  }
  if (num_rows(1) >= kMinCachedPositions && panels_.num_bytes() <= kMaxCachedBytes) {
    return {Path::kCachedPanel, "no short sum, and errors that do not fit 16 bits"};
  }
  if (std::min(rows, options_.sizes.panel_rows) >= options_.loops.min_scratch_rows) {
    return {Path::kScratchPanel, "no short sum, and errors that do not fit 16 bits"};
  }
  return {Path::kDirect, "too few positions to build a panel for"};
}

TableLayer::PathAndReason TableLayer::choose(MultiplierSpan multipliers, int batch,
                                             Activations activations) const {
  if (options_.path.has_value()) return {possible_path(*options_.path, multipliers), "asked for"};
  if (is_uniform(multipliers)) return choose_uniform(*multipliers.front(), batch, activations);
  const std::string_view reason = "several multipliers in one layer";
  const bool has_panels = num_rows(batch) >= kMinMixedRows && !stage_.is_narrow();
  return {has_panels ? Path::kScratchPanel : Path::kColumns, reason};
}

Choice TableLayer::explain(MultiplierSpan multipliers, int batch) const {
  const PathAndReason chosen = choose(multipliers, batch, Activations::kDense);
  Choice choice{.path = chosen.path, .strategy = strategy_of(chosen.path), .reason = chosen.reason};
  const arith::Multiplier& multiplier = *multipliers.front();
  if (chosen.path == Path::kFactors || chosen.path == Path::kErrors) {
    const PanelCache::FactorsPtr factors =
        factors_of(chosen.path == Path::kFactors ? multiplier : exact_multiplier());
    if (chosen.path == Path::kFactors) choice.strategy = factors_.name(*factors);
    choice.num_terms = factors_.num_terms(*factors);
    choice.prepared_bytes = factors_.num_bytes(*factors);
    choice.safe_depth = factors_.safe_depth(*factors);
  }
  if (chosen.path == Path::kErrors) choice.safe_depth = plan_of(multiplier)->safe_depth;
  if (chosen.path == Path::kCachedPanel) choice.prepared_bytes = panels_.num_bytes();
  const Path for_sparse = choose(multipliers, batch, Activations::kSparse).path;
  choice.sparse_strategy = for_sparse == chosen.path ? choice.strategy : strategy_of(for_sparse);
  return choice;
}

void TableLayer::prepare_factors(const arith::Multiplier& multiplier, Prepared& prepared) const {
  prepared.factors = factors_of(multiplier);
  prepared.factor_weights = cache_.find_or_build(
      factor_owner_, multiplier, [&] { return factors_.prepare(*prepared.factors); });
}

void TableLayer::prepare_columns(MultiplierSpan multipliers, Prepared& prepared) const {
  for (const arith::Multiplier* m : is_uniform(multipliers) ? multipliers.first(1) : multipliers) {
    prepared.owned.push_back(cache_.transposed(*m));
    prepared.columns.push_back(prepared.owned.back()->data());
  }
}

// Fetches from the cache what the path reads.
TableLayer::Prepared TableLayer::prepare_path(MultiplierSpan multipliers, Path path) const {
  const arith::Multiplier& multiplier = *multipliers.front();
  Prepared prepared{.path = path, .products = multiplier.products().data(), .owned = {}};
  switch (path) {
    case Path::kFactors:
      prepare_factors(multiplier, prepared);
      break;
    case Path::kErrors:
      prepare_factors(exact_multiplier(), prepared);
      prepared.errors = errors_of(multiplier);
      prepared.plan = plan_of(multiplier);
      break;
    case Path::kCachedPanel:
      prepare_columns(multipliers, prepared);
      prepared.panels = cache_.find_or_build(panel_owner_, multiplier,
                                             [&] { return panels_.prepare(prepared.columns); });
      break;
    case Path::kScratchPanel:
    case Path::kColumns:
      prepare_columns(multipliers, prepared);
      break;
    case Path::kDirect:
      break;
  }
  return prepared;
}

TableLayer::PreparedPtr TableLayer::prepare(MultiplierSpan multipliers, int batch) const {
  const Path path = choose(multipliers, batch, Activations::kDense).path;
  return std::make_shared<const Prepared>(prepare_path(multipliers, path));
}

TableLayer::Prepared TableLayer::prepare_for(MultiplierSpan multipliers, const std::int8_t* input,
                                             int batch) const {
  DEEPAXE_ASSERT(multipliers.size() == 1 || multipliers.size() == to_size(layer_.geometry.out_c));
  return prepare_path(multipliers, path_of(multipliers, input, batch));
}

Path TableLayer::path_of(MultiplierSpan multipliers, const std::int8_t* input, int batch) const {
  return choose(multipliers, batch, kind_of(multipliers, input, batch)).path;
}

// Counted only where it decides something.
TableLayer::Activations TableLayer::kind_of(MultiplierSpan multipliers, const std::int8_t* input,
                                            int batch) const {
  if (options_.path.has_value() || !is_uniform(multipliers)) return Activations::kDense;
  const PanelCache::FactorsPtr factors = factors_of(*multipliers.front());
  if (!factors_.is_possible(*factors) ||
      !errors_beat_factors(*multipliers.front(), *factors, batch)) {
    return Activations::kDense;
  }
  const std::size_t size = to_size(batch) * layer_.geometry.in_size();
  const std::size_t zeros = count_of(layer_.in_zero_point, input, size);
  return 3 * zeros >= 2 * size ? Activations::kSparse : Activations::kDense;
}

// As many images as the block sizes allow, at least one.
int TableLayer::chunk_images(const Prepared& prepared) const {
  const BlockSizes& sizes = options_.sizes;
  std::size_t rows = to_size(sizes.panel_rows);
  if (prepared.path == Path::kErrors) {
    rows = sizes.error_chunk_bytes / errors_.row_bytes();
  } else if (prepared.path == Path::kFactors) {
    rows = sizes.chunk_bytes / factors_.row_bytes(*prepared.factors);
  }
  return static_cast<int>(std::max<std::size_t>(1, rows / window_.num_positions()));
}

// The sums, bias not yet added, of a few images: [images, positions, stage_.stride()].
void TableLayer::sum(const Prepared& prepared, const std::uint8_t* codes, int num_images,
                     std::uint32_t* sums) const {
  switch (prepared.path) {
    case Path::kFactors:
      return factors_.sum(*prepared.factors, *prepared.factor_weights, codes, num_images, sums);
    case Path::kErrors:
      factors_.sum(*prepared.factors, *prepared.factor_weights, codes, num_images, sums);
      return errors_.add(*prepared.errors, *prepared.plan, codes, num_images, sums);
    case Path::kDirect:
      return panels_.sum_direct(prepared.products, codes, num_images, sums);
    case Path::kColumns:
      return panels_.sum_columns(prepared.columns, codes, num_images, sums);
    case Path::kCachedPanel:
    case Path::kScratchPanel:
      break;
  }
  panels_.sum_panels(prepared.columns, prepared.kept_panels(), codes, num_images, sums);
}

// Calls finish(first_image, num_rows, sums) for a few images at a time.
template <typename Finish>
void TableLayer::for_each_chunk(const Prepared& prepared, const std::int8_t* input, int batch,
                                Finish finish) const {
  const int step = chunk_images(prepared);
  for (int first = 0; first < batch; first += step) {
    const int num_images = std::min(step, batch - first);
    const std::size_t num_rows = to_size(num_images) * window_.num_positions();
    const std::uint8_t* codes =
        window_.pad(input + to_size(first) * layer_.geometry.in_size(), num_images);
    std::uint32_t* sums = grown(scratch().sums, num_rows * stage_.stride());
    sum(prepared, codes, num_images, sums);
    finish(first, num_rows, sums);
  }
}

void TableLayer::accumulate(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                            std::int32_t* accumulators) const {
  const std::size_t size = layer_.geometry.out_size();
  for_each_chunk(prepare_for(multipliers, input, batch), input, batch,
                 [&](int first, std::size_t num_rows, const std::uint32_t* sums) {
                   stage_.to_accumulators(sums, num_rows, accumulators + to_size(first) * size);
                 });
}

void TableLayer::convolve(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                          std::int8_t* output) const {
  convolve(prepare_for(multipliers, input, batch), input, batch, output);
}

void TableLayer::convolve(const Prepared& prepared, const std::int8_t* input, int batch,
                          std::int8_t* output) const {
  const std::size_t size = layer_.geometry.out_size();
  for_each_chunk(prepared, input, batch,
                 [&](int first, std::size_t num_rows, const std::uint32_t* sums) {
                   stage_.to_codes(sums, num_rows, output + to_size(first) * size);
                 });
}

void TableLayer::convolve_windows(const Prepared& prepared, const ChosenWindows& windows,
                                  std::int8_t* output) const {
  const std::size_t num_rows = windows.num_positions;
  if (prepared.path == Path::kFactors) {
    std::uint32_t* sums = grown(scratch().sums, num_rows * stage_.stride());
    if (factors_.sum_windows(*prepared.factors, *prepared.factor_weights, windows, sums)) {
      return stage_.to_codes(sums, num_rows, output);
    }
  }
  std::uint8_t* rows = grown(scratch().window_rows, num_rows * window_.depth());
  options_.loops.bytes.gather_windows(windows, rows);
  convolve(prepared, reinterpret_cast<const std::int8_t*>(rows), static_cast<int>(num_rows),
           output);
}

}  // namespace deepaxe::kernel::table
