#include "deepaxe/kernel/table/table_layer.h"

#include <algorithm>
#include <cstring>

#include "deepaxe/base/assertion.h"

namespace deepaxe::kernel::table {
namespace {

constexpr int kRowsPerChunk = 4096;                    // Sums of a chunk stay in L2.
constexpr std::size_t kScratchPanelBytes = 256 << 10;  // So does the panel in use.
constexpr int kMinCachedPositions = 16;
constexpr int kMinOutputsPerGroup = 4;  // Below, most of a panel would be padding.
constexpr int kMaxTerms = 5;            // Panels cost as much as about so many matrix products.
constexpr int kMinMixedRows = 160;      // Several multipliers: column look-ups cost about one load.

// Kept between calls: the loops allocate nothing once these have grown.
struct Scratch {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint32_t> sums;
  std::vector<std::uint32_t> panel;
  std::vector<const std::int16_t*> columns;
  std::vector<std::int16_t> values;
  std::vector<std::int32_t> pair_offsets;
};
Scratch& scratch() {
  thread_local Scratch memory;
  return memory;
}

template <typename T>
T* grown(std::vector<T>& memory, std::size_t size) {
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

int round_up(int value, int multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

std::size_t words_per_k(int width) noexcept { return 256 * to_size(width) / 2; }

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
  PanelCache::WordsPtr panels;                      // kCachedPanel and kFactors only.
  PanelCache::FactorizationPtr factorization;       // kFactors only.

  const std::int16_t* columns_of(std::size_t output) const noexcept {
    return transposed[transposed.size() == 1 ? 0 : output]->data();
  }
};

TableLayer::TableLayer(const ComputingLayer& layer, PanelCache& cache, const TableOptions& options)
    : layer_(layer),
      cache_(cache),
      options_(options),
      loops_(hot_loops(options.isa)),
      owner_(cache.new_owner()) {
  plan_window();
  plan_outputs();
  plan_pairs();
  plan_requantization();
}

void TableLayer::plan_window() {
  const ConvGeometry& g = layer_.geometry;
  const int need_h = (g.out_h - 1) * g.stride_h + (g.kernel_h - 1) * g.dilation_h + 1;
  const int need_w = (g.out_w - 1) * g.stride_w + (g.kernel_w - 1) * g.dilation_w + 1;
  is_padded_ = g.pad_top != 0 || g.pad_left != 0 || need_h > g.in_h || need_w > g.in_w;
  padded_h_ = is_padded_ ? need_h : g.in_h;
  padded_w_ = is_padded_ ? need_w : g.in_w;
  for (int y = 0; y < g.out_h; ++y) {
    for (int x = 0; x < g.out_w; ++x) {
      bases_.push_back((y * g.stride_h * padded_w_ + x * g.stride_w) * g.in_c);
    }
  }
  group_in_ = g.in_c / g.groups;
  for (int y = 0; y < g.kernel_h; ++y) {
    for (int x = 0; x < g.kernel_w; ++x) {
      for (int channel = 0; channel < group_in_; ++channel) {
        offsets_.push_back((y * g.dilation_h * padded_w_ + x * g.dilation_w) * g.in_c + channel);
      }
    }
  }
}

void TableLayer::plan_outputs() {
  const ConvGeometry& g = layer_.geometry;
  group_out_ = g.out_c / g.groups;
  is_narrow_ = group_out_ < kMinOutputsPerGroup;
  num_runs_ = is_narrow_ ? 1 : g.groups;
  run_out_ = g.out_c / num_runs_;
  padded_out_ = round_up(run_out_, 8);
  if (is_narrow_) return;
  for (int first = 0; first < padded_out_;) {
    int width = kMaxPanelWidth;
    while (width > padded_out_ - first) width /= 2;
    blocks_.push_back({.first = first, .width = width});
    first += width;
  }
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

void TableLayer::plan_pairs() {
  const int depth = static_cast<int>(offsets_.size());
  for (int k = 0; k < depth;) {
    const bool is_single = k + 1 == depth || offsets_[to_size(k) + 1] != offsets_[to_size(k)] + 1;
    pair_first_.push_back(k);
    pair_is_single_.push_back(is_single);
    k += is_single ? 1 : 2;
  }
}

void TableLayer::plan_requantization() {
  const std::size_t size = sums_per_row();
  PerChannel& p = per_channel_;
  p.bias.resize(size);
  for (auto* field : {&p.mantissa, &p.nudge, &p.first_shift, &p.half, &p.tie, &p.second_shift}) {
    field->resize(size);
  }
  for (std::size_t o = 0; o < to_size(layer_.geometry.out_c); ++o) {
    const std::size_t c = sum_index(o);
    const quant::RequantScale scale = layer_.scales[o];
    has_left_shift_ = has_left_shift_ || scale.shift > 0;
    const bool is_double = layer_.rounding == quant::Rounding::kDouble;
    const std::int64_t right_shift = std::max(-scale.shift, 0);
    p.bias[c] = layer_.folded_bias[o];
    p.mantissa[c] = scale.mantissa;
    p.first_shift[c] = is_double ? 31 : 31 + right_shift;
    p.nudge[c] = std::int64_t{1} << (p.first_shift[c] - 1);
    p.second_shift[c] = is_double ? right_shift : 0;
    p.tie[c] = p.second_shift[c] > 0 ? 1 : 0;
    p.half[c] = p.tie[c] << std::max<std::int64_t>(p.second_shift[c] - 1, 0);
  }
}

int TableLayer::images_per_chunk() const noexcept {
  return std::max(1, kRowsPerChunk / static_cast<int>(bases_.size()));
}

std::size_t TableLayer::sums_per_row() const noexcept { return to_size(num_runs_ * padded_out_); }

std::size_t TableLayer::sum_index(std::size_t output) const noexcept {
  return output / to_size(run_out_) * to_size(padded_out_) + output % to_size(run_out_);
}

Path TableLayer::path(MultiplierSpan multipliers, int batch) const {
  if (is_narrow_) return Path::kColumns;
  const bool uniform = is_uniform(multipliers);
  const bool asks_factors = options_.path.value_or(Path::kFactors) == Path::kFactors;
  if (asks_factors && uniform &&
      !cache_.factorization(*multipliers.front(), kMaxTerms)->terms.empty()) {
    return Path::kFactors;
  }
  const int rows = std::min(batch, images_per_chunk()) * static_cast<int>(bases_.size());
  if (options_.path.has_value()) {
    if (!uniform && *options_.path == Path::kCachedPanel) return Path::kScratchPanel;
    if (!uniform && *options_.path == Path::kDirect) return Path::kColumns;
    if (asks_factors) return Path::kScratchPanel;
    return *options_.path;
  }
  const std::size_t panel_bytes =
      to_size(layer_.geometry.groups) * offsets_.size() * words_per_k(padded_out_) * 4;
  if (uniform && static_cast<int>(bases_.size()) >= kMinCachedPositions &&
      panel_bytes <= kMaxCachedBytes) {
    return Path::kCachedPanel;
  }
  if (rows >= (uniform ? loops_.min_scratch_rows : kMinMixedRows)) return Path::kScratchPanel;
  return uniform ? Path::kDirect : Path::kColumns;
}

const std::uint8_t* TableLayer::pad(const std::int8_t* input, int num_images) const {
  if (!is_padded_) return reinterpret_cast<const std::uint8_t*>(input);
  const ConvGeometry& g = layer_.geometry;
  const std::size_t padded_row = to_size(padded_w_) * to_size(g.in_c);
  const std::size_t padded_size = to_size(padded_h_) * padded_row;
  const std::size_t in_row = to_size(g.in_w) * to_size(g.in_c);
  const int copied_w = std::min(g.in_w, padded_w_ - g.pad_left);
  std::uint8_t* codes = grown(scratch().codes, to_size(num_images) * padded_size);
  std::memset(codes, static_cast<std::uint8_t>(layer_.in_zero_point),
              to_size(num_images) * padded_size);
  for (int image = 0; image < num_images && copied_w > 0; ++image) {
    const std::int8_t* from = input + to_size(image) * g.in_size();
    std::uint8_t* to = codes + to_size(image) * padded_size + to_size(g.pad_left * g.in_c);
    for (int y = 0; y < g.in_h && y + g.pad_top < padded_h_; ++y) {
      std::memcpy(to + to_size(y + g.pad_top) * padded_row, from + to_size(y) * in_row,
                  to_size(copied_w * g.in_c));
    }
  }
  return codes;
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
                        output * offsets_.size() + first_k;
  }
  return source;
}

// [groups][blocks][depth][256][width / 2]
std::vector<std::uint32_t> TableLayer::build_panels(const Call& call) const {
  const ConvGeometry& g = layer_.geometry;
  std::vector<std::uint32_t> words(to_size(g.groups) * offsets_.size() * words_per_k(padded_out_));
  std::uint32_t* place = words.data();
  const int depth = static_cast<int>(offsets_.size());
  for (int group = 0; group < g.groups; ++group) {
    for (const Block& block : blocks_) {
      loops_.build_panel(panel_source(call, group, block, 0, depth), place);
      place += offsets_.size() * words_per_k(block.width);
    }
  }
  return words;
}

void TableLayer::sum_panels(const Call& call, int group, const Rows& rows, const Sums& sums) const {
  const std::size_t group_words = offsets_.size() * words_per_k(padded_out_);
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

std::size_t TableLayer::factor_words(std::size_t num_terms) const {
  return to_size(round_up(group_out_, kGemmBlock)) * num_terms * pair_first_.size();
}

// [groups][blocks][terms][pairs][kGemmBlock]: g of the weights of k in the low half, of k + 1 in
// the high one.
std::vector<std::uint32_t> TableLayer::build_factors(
    const arith::Factorization& factorization) const {
  const std::size_t groups = to_size(layer_.geometry.groups);
  const std::size_t num_terms = factorization.terms.size();
  const std::size_t num_pairs = pair_first_.size();
  std::vector<std::uint32_t> words(groups * factor_words(num_terms));
  for (std::size_t o = 0; o < to_size(layer_.geometry.out_c); ++o) {
    const std::size_t in_group = o % to_size(group_out_);
    const std::size_t block = in_group / kGemmBlock;
    const std::int8_t* weights = layer_.weights.data() + o * offsets_.size();
    std::uint32_t* place = words.data() + o / to_size(group_out_) * factor_words(num_terms) +
                           block * num_terms * num_pairs * kGemmBlock + in_group % kGemmBlock;
    for (const arith::Factorization::Term& term : factorization.terms) {
      const auto g = [&](std::int32_t k) {
        return std::uint32_t{
            static_cast<std::uint16_t>(term.g[static_cast<std::uint8_t>(weights[k])])};
      };
      for (std::size_t p = 0; p < num_pairs; ++p, place += kGemmBlock) {
        const std::uint32_t second = pair_is_single_[p] ? 0 : g(pair_first_[p] + 1);
        *place = g(pair_first_[p]) | second << 16;
      }
    }
  }
  return words;
}

// One long matrix product: the terms are as many planes of activations side by side.
void TableLayer::sum_factors(const Call& call, const std::uint8_t* codes, int num_images,
                             std::uint32_t* sums) const {
  const ConvGeometry& g = layer_.geometry;
  const auto& terms = call.factorization->terms;
  const std::size_t plane = to_size(padded_h_ * padded_w_ * g.in_c);
  const std::size_t image_size = terms.size() * plane;
  // A single k at the very end reads one value more, times 0.
  std::int16_t* values = grown(scratch().values, to_size(num_images) * image_size + 1);
  for (std::size_t image = 0; image < to_size(num_images); ++image) {
    for (std::size_t t = 0; t < terms.size(); ++t) {
      loops_.expand_codes(codes + image * plane, plane, terms[t].f.data(),
                          values + image * image_size + t * plane);
    }
  }
  const std::size_t num_pairs = pair_first_.size();
  std::int32_t* offsets = grown(scratch().pair_offsets, terms.size() * num_pairs);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    for (std::size_t p = 0; p < num_pairs; ++p) {
      offsets[t * num_pairs + p] =
          static_cast<std::int32_t>(t * plane) + offsets_[to_size(pair_first_[p])];
    }
  }
  for (int group = 0; group < g.groups; ++group) {
    const GemmRows rows = {.input = values + group * group_in_,
                           .image_stride = image_size,
                           .num_images = num_images,
                           .bases = bases_.data(),
                           .num_rows = static_cast<int>(bases_.size()),
                           .offsets = offsets,
                           .num_pairs = static_cast<int>(terms.size() * num_pairs)};
    const std::uint32_t* words = call.panels->data() + to_size(group) * factor_words(terms.size());
    loops_.multiply_pairs(
        rows, reinterpret_cast<const std::int32_t*>(words), group_out_,
        {.data = sums + group * padded_out_, .stride = sums_per_row(), .add = false});
  }
}

void TableLayer::sum_direct(const Call& call, int group, const Rows& rows, const Sums& sums) const {
  loops_.add_direct(
      rows,
      {.products = call.multipliers.front()->products().data(),
       .weights = direct_weights_.data() + to_size(group) * offsets_.size() * direct_stride_,
       .weight_stride = direct_stride_,
       .num_outputs = group_out_},
      sums);
}

void TableLayer::sum_columns(const Call& call, int group, const Rows& rows,
                             const Sums& sums) const {
  const std::int16_t** columns = grown(scratch().columns, offsets_.size());
  for (int i = 0; i < group_out_; ++i) {
    const std::size_t output = to_size(group * group_out_ + i);
    for (std::size_t k = 0; k < offsets_.size(); ++k) {
      const auto weight = static_cast<std::uint8_t>(layer_.weights[output * offsets_.size() + k]);
      columns[k] = call.columns_of(output) + 256 * std::size_t{weight};
    }
    loops_.add_columns(
        rows, columns,
        {.data = sums.data + sum_index(output), .stride = sums.stride, .add = false});
  }
}

// Chooses the path and fetches from the cache what it reads.
TableLayer::Call TableLayer::prepare(MultiplierSpan multipliers, int batch) const {
  Call call{.multipliers = multipliers,
            .path = path(multipliers, batch),
            .transposed = {},
            .panels = nullptr,
            .factorization = nullptr};
  const bool uniform = is_uniform(multipliers);
  const auto fetch_transposed = [&] {
    for (const arith::Multiplier* m : uniform ? multipliers.first(1) : multipliers) {
      call.transposed.push_back(cache_.transposed(*m));
    }
  };
  if (call.path == Path::kCachedPanel) {
    call.panels = cache_.find_or_build(owner_, *multipliers.front(), [&] {
      fetch_transposed();
      return build_panels(call);
    });
  } else if (call.path == Path::kFactors) {
    call.factorization = cache_.factorization(*multipliers.front(), kMaxTerms);
    call.panels = cache_.find_or_build(owner_, *multipliers.front(),
                                       [&] { return build_factors(*call.factorization); });
  } else if (call.path != Path::kDirect) {
    fetch_transposed();
  }
  return call;
}

// Calls finish(first_image, num_images, sums) with the sums, bias not yet added, of a few images at
// a time: [images, positions, groups, padded_out_].
template <typename Finish>
void TableLayer::for_each_chunk(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                                Finish finish) const {
  const ConvGeometry& g = layer_.geometry;
  DEEPAXE_ASSERT(multipliers.size() == 1 || multipliers.size() == to_size(g.out_c));
  const Call call = prepare(multipliers, batch);
  const std::size_t stride = sums_per_row();
  for (int first = 0; first < batch; first += images_per_chunk()) {
    const int num_images = std::min(images_per_chunk(), batch - first);
    const std::uint8_t* codes = pad(input + to_size(first) * g.in_size(), num_images);
    std::uint32_t* sums = grown(scratch().sums, to_size(num_images) * bases_.size() * stride);
    if (call.path == Path::kFactors) {
      sum_factors(call, codes, num_images, sums);
      finish(first, num_images, sums);
      continue;
    }
    for (int group = 0; group < g.groups; ++group) {
      const Rows rows = {.input = codes + group * group_in_,
                         .image_stride = to_size(padded_h_ * padded_w_ * g.in_c),
                         .num_images = num_images,
                         .bases = bases_.data(),
                         .num_rows = static_cast<int>(bases_.size()),
                         .offsets = offsets_.data(),
                         .num_k = static_cast<int>(offsets_.size())};
      const Sums place = {.data = sums + group * padded_out_, .stride = stride, .add = false};
      if (call.path == Path::kDirect) {
        sum_direct(call, group, rows, place);
      } else if (call.path == Path::kColumns) {
        sum_columns(call, group, rows, {.data = sums, .stride = stride, .add = false});
      } else {
        sum_panels(call, group, rows, place);
      }
    }
    finish(first, num_images, sums);
  }
}

void TableLayer::accumulate(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                            std::int32_t* accumulators) const {
  const ConvGeometry& g = layer_.geometry;
  for_each_chunk(multipliers, input, batch, [&](int first, int num_images, const auto* sums) {
    std::int32_t* out = accumulators + to_size(first) * g.out_size();
    const std::size_t num_rows = to_size(num_images) * bases_.size();
    for (std::size_t row = 0; row < num_rows; ++row, sums += sums_per_row()) {
      for (std::size_t o = 0; o < to_size(g.out_c); ++o) {
        *out++ = static_cast<std::int32_t>(sums[sum_index(o)] +
                                           static_cast<std::uint32_t>(layer_.folded_bias[o]));
      }
    }
  });
}

void TableLayer::requantize(const std::uint32_t* sums, std::size_t num_rows,
                            std::int8_t* output) const {
  const PerChannel& p = per_channel_;
  const std::size_t stride = sums_per_row();
  for (int run = 0; run < num_runs_; ++run) {
    const int first = run * padded_out_;
    const Requantizer requantizer = {.bias = p.bias.data() + first,
                                     .mantissa = p.mantissa.data() + first,
                                     .nudge = p.nudge.data() + first,
                                     .first_shift = p.first_shift.data() + first,
                                     .half = p.half.data() + first,
                                     .tie = p.tie.data() + first,
                                     .second_shift = p.second_shift.data() + first,
                                     .out_zero_point = layer_.out_zero_point,
                                     .clamp_low = layer_.clamp_low,
                                     .clamp_high = layer_.clamp_high,
                                     .channels = run_out_};
    loops_.requantize(requantizer, sums + first, stride, num_rows, output + run * run_out_,
                      to_size(layer_.geometry.out_c));
  }
}

void TableLayer::convolve(MultiplierSpan multipliers, const std::int8_t* input, int batch,
                          std::int8_t* output) const {
  const ConvGeometry& g = layer_.geometry;
  for_each_chunk(multipliers, input, batch, [&](int first, int num_images, const auto* sums) {
    std::int8_t* out = output + to_size(first) * g.out_size();
    const std::size_t num_rows = to_size(num_images) * bases_.size();
    if (!has_left_shift_) {
      requantize(sums, num_rows, out);
      return;
    }
    for (std::size_t row = 0; row < num_rows; ++row, sums += sums_per_row()) {
      for (std::size_t o = 0; o < to_size(g.out_c); ++o) {  // Rare: factors of 1 or more.
        const std::uint32_t acc =
            sums[sum_index(o)] + static_cast<std::uint32_t>(layer_.folded_bias[o]);
        *out++ = quant::requantize_to_code(static_cast<std::int32_t>(acc), layer_.scales[o],
                                           layer_.rounding, layer_.out_zero_point, layer_.clamp_low,
                                           layer_.clamp_high);
      }
    }
  });
}

}  // namespace deepaxe::kernel::table
