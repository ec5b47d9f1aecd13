#include "deepaxe/kernel/table/byte_product.h"

#include <algorithm>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kBlock = kGemmBlock;
constexpr std::size_t kLineDepth = 4 * kQuadsPerLine;

ByteFunction function_of(const arith::ByteFactorization::Term& term) noexcept {
  return {
      .f = term.f.data(), .has_matrix = term.f_bits.has_value(), .matrix = term.f_bits.value_or(0)};
}

}  // namespace

ByteProduct::ByteProduct(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const HotLoops& loops, const BlockSizes& sizes)
    : layer_(layer),
      window_(window),
      stage_(stage),
      loops_(loops),
      sizes_(sizes),
      group_out_(to_size(layer.geometry.out_c / layer.geometry.groups)) {}

std::size_t ByteProduct::block_size(std::size_t num_terms) const {
  return kBlock * (sizeof(std::int32_t) + round_up(num_terms * window_.depth(), kLineDepth));
}

std::size_t ByteProduct::group_size(std::size_t num_terms) const {
  return round_up(group_out_, kBlock) / kBlock * block_size(num_terms);
}

// The terms of a window lie together as they are: nothing has to be packed.
bool ByteProduct::is_in_place(std::size_t num_terms) const {
  return window_.is_whole_image() && (num_terms == 1 || window_.num_positions() == 1);
}

std::size_t ByteProduct::row_bytes(std::size_t num_terms) const {
  const std::size_t planes = num_terms * window_.padded_size() / window_.num_positions();
  const std::size_t packed =
      is_in_place(num_terms) ? 0 : round_up(num_terms * window_.depth(), kLineDepth);
  return planes + packed + stage_.stride() * sizeof(std::uint32_t);
}

std::size_t ByteProduct::num_bytes(std::size_t num_terms) const {
  return to_size(layer_.geometry.groups) * group_size(num_terms);
}

void ByteProduct::prepare(const arith::ByteFactorization& factors, std::uint32_t* words) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t depth = window_.depth();
  auto* const bytes = reinterpret_cast<std::int8_t*>(words);
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    const std::size_t in_group = o % group_out_;
    const std::size_t block =
        o / group_out_ * group_size(num_terms) + in_group / kBlock * block_size(num_terms);
    std::uint32_t& start = words[block / sizeof(std::uint32_t) + in_group % kBlock];
    std::int8_t* const quads =
        bytes + block + kBlock * sizeof(std::int32_t) + 4 * (in_group % kBlock);
    for (std::size_t t = 0; t < num_terms; ++t) {
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < depth; ++k) {
        const std::int8_t g =
            factors.terms[t].g[static_cast<std::uint8_t>(layer_.weights[o * depth + k])];
        const std::size_t place = t * depth + k;
        quads[place / 4 * 4 * kBlock + place % 4] = g;
        sum += g;
      }
      start += static_cast<std::uint32_t>(sum * factors.terms[t].f_offset);
    }
  }
}

// f of all codes; for each image a plane for each term.
std::uint8_t* ByteProduct::expand_planes(const arith::ByteFactorization& factors,
                                         const std::uint8_t* codes, int num_images,
                                         std::size_t slack) const {
  const std::size_t plane = window_.padded_size();
  const std::size_t image_size = factors.terms.size() * plane;
  std::uint8_t* planes = grown(scratch().bytes, to_size(num_images) * image_size + slack);
  for (std::size_t t = 0; t < factors.terms.size(); ++t) {
    loops_.bytes.expand(
        {.codes = codes, .stride = plane, .num_rows = to_size(num_images), .count = plane},
        function_of(factors.terms[t]), planes + t * plane, image_size);
  }
  return planes;
}

// Long runs: the planes are small beside the rows, so they are expanded once.
void ByteProduct::pack_expanded(const arith::ByteFactorization& factors, const std::uint8_t* codes,
                                int num_images, int group, const PackedRows& rows) const {
  const std::uint8_t* planes = expand_planes(factors, codes, num_images, kLineDepth);
  loops_.bytes.pack_rows(window_.runs(planes, num_images, factors.terms.size(), group), rows.data,
                         rows.stride);
}

// Short runs: copying them is what costs, so that is done once, before the terms part.
void ByteProduct::expand_packed(const arith::ByteFactorization& factors, const std::uint8_t* codes,
                                int num_images, int group, const PackedRows& rows) const {
  const std::size_t size = to_size(num_images) * window_.padded_size();
  std::uint8_t* copied = grown(scratch().bytes, size + kLineDepth);  // May be read past its end.
  std::copy_n(codes, size, copied);
  const std::size_t depth = window_.depth();
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  std::uint8_t* packed = grown(scratch().packed_codes, num_rows * depth + kLineDepth);
  loops_.bytes.pack_rows(window_.runs(copied, num_images, 1, group), packed, depth);
  for (std::size_t t = 0; t < factors.terms.size(); ++t) {
    loops_.bytes.expand({.codes = packed, .stride = depth, .num_rows = num_rows, .count = depth},
                        function_of(factors.terms[t]), rows.data + t * depth, rows.stride);
  }
}

// Calls multiply_group(rows, weights, group) for each group.
template <typename MultiplyGroup>
void ByteProduct::multiply(const arith::ByteFactorization& factors, const std::uint32_t* weights,
                           const std::uint8_t* codes, int num_images,
                           MultiplyGroup multiply_group) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t depth = num_terms * window_.depth();
  const bool in_place = is_in_place(num_terms);
  const std::size_t stride = in_place ? depth : round_up(depth, kLineDepth);
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  const std::size_t slack = kTileHeight * stride + kLineDepth;
  const PackedRows rows = {.data = in_place ? expand_planes(factors, codes, num_images, slack)
                                            : grown(scratch().packed, num_rows * stride + slack),
                           .stride = stride};
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    if (!in_place) {
      const auto pack = window_.run_length() < sizes_.long_run ? &ByteProduct::expand_packed
                                                               : &ByteProduct::pack_expanded;
      (this->*pack)(factors, codes, num_images, group, rows);
    }
    const auto* blocks =
        reinterpret_cast<const std::int8_t*>(weights) + to_size(group) * group_size(num_terms);
    multiply_group(ByteRows{.input = rows.data,
                            .stride = stride,
                            .num_rows = static_cast<int>(num_rows),
                            .num_quads = static_cast<int>((depth + 3) / 4)},
                   ByteWeights{.blocks = blocks,
                               .block_size = block_size(num_terms),
                               .num_outputs = static_cast<int>(group_out_)},
                   group);
  }
}

void ByteProduct::sum(const arith::ByteFactorization& factors, const std::uint32_t* weights,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  multiply(factors, weights, codes, num_images,
           [&](const ByteRows& rows, const ByteWeights& of_group, int group) {
             loops_.bytes.multiply(rows, of_group, sums_of(group, sums));
           });
}

// The terms of a row lie together, each gathered for itself.
void ByteProduct::sum_windows(const arith::ByteFactorization& factors, const std::uint32_t* weights,
                              const ChosenWindows& windows, std::uint32_t* sums) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t stride = num_terms * window_.depth();
  std::uint8_t* rows =
      grown(scratch().bytes, (windows.num_positions + kTileHeight) * stride + kLineDepth);
  for (std::size_t t = 0; t < num_terms; ++t) {
    loops_.bytes.gather_expanded(windows, function_of(factors.terms[t]), rows + t * window_.depth(),
                                 stride);
  }
  loops_.bytes.multiply({.input = rows,
                         .stride = stride,
                         .num_rows = static_cast<int>(windows.num_positions),
                         .num_quads = static_cast<int>((stride + 3) / 4)},
                        {.blocks = reinterpret_cast<const std::int8_t*>(weights),
                         .block_size = block_size(num_terms),
                         .num_outputs = static_cast<int>(group_out_)},
                        sums_of(0, sums));
}

void ByteProduct::add_narrow(const arith::ByteFactorization& factors, int safe_quads,
                             const std::uint32_t* weights, const std::uint8_t* codes,
                             int num_images, std::uint32_t* sums) const {
  multiply(factors, weights, codes, num_images,
           [&](const ByteRows& rows, const ByteWeights& of_group, int group) {
             loops_.bytes.multiply_narrow(rows, of_group, safe_quads, sums_of(group, sums));
           });
}

Sums ByteProduct::sums_of(int group, std::uint32_t* sums) const {
  return {.data = sums + group * stage_.padded_run(), .stride = stage_.stride(), .add = false};
}

}  // namespace deepaxe::kernel::table
