#include "deepaxe/kernel/table/byte_product.h"

#include "deepaxe/kernel/table/scratch.h"

namespace deepaxe::kernel::table {
namespace {

std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

std::size_t round_up(std::size_t value, std::size_t multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

constexpr std::size_t kBlock = kGemmBlock;
constexpr std::size_t kLineDepth = 4 * kQuadsPerLine;

}  // namespace

ByteProduct::ByteProduct(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const HotLoops& loops)
    : layer_(layer),
      window_(window),
      stage_(stage),
      loops_(loops),
      group_in_(to_size(layer.geometry.in_c / layer.geometry.groups)),
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

base::CacheLineVector<std::uint32_t> ByteProduct::prepare(
    const arith::ByteFactorization& factors) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t depth = window_.depth();
  base::CacheLineVector<std::uint32_t> words(to_size(layer_.geometry.groups) *
                                             group_size(num_terms) / sizeof(std::uint32_t));
  auto* const bytes = reinterpret_cast<std::int8_t*>(words.data());
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    const std::size_t in_group = o % group_out_;
    const std::size_t block = o / group_out_ * group_size(num_terms) +
                              in_group / kBlock * block_size(num_terms);
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
  return words;
}

void ByteProduct::sum(const arith::ByteFactorization& factors,
                      const base::CacheLineVector<std::uint32_t>& weights,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t plane = window_.padded_size();
  const std::size_t depth = num_terms * window_.depth();
  const bool in_place = is_in_place(num_terms);
  const std::size_t stride = in_place ? depth : round_up(depth, kLineDepth);
  const std::size_t num_rows = to_size(num_images) * window_.num_positions();
  const std::size_t slack = kTileHeight * stride + kLineDepth;
  const std::size_t planes_size = to_size(num_images) * num_terms * plane;
  std::uint8_t* const planes = grown(scratch().bytes, planes_size + slack);
  for (std::size_t i = 0; i < to_size(num_images) * num_terms; ++i) {
    loops_.bytes->expand(codes + i / num_terms * plane, plane,
                         factors.terms[i % num_terms].f.data(), planes + i * plane);
  }
  std::uint8_t* const packed =
      in_place ? planes : grown(scratch().packed, num_rows * stride + slack);
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    if (!in_place) {
      loops_.bytes->pack_rows({.planes = planes + to_size(group) * group_in_,
                               .plane_size = plane,
                               .num_images = num_images,
                               .num_terms = static_cast<int>(num_terms),
                               .bases = window_.bases().data(),
                               .num_rows = static_cast<int>(window_.num_positions()),
                               .run_offsets = window_.run_offsets().data(),
                               .num_runs = static_cast<int>(window_.run_offsets().size()),
                               .run_length = window_.run_length()},
                              packed, stride);
    }
    const auto* blocks = reinterpret_cast<const std::int8_t*>(weights.data()) +
                         to_size(group) * group_size(num_terms);
    loops_.bytes->multiply(
        {.input = packed,
         .stride = stride,
         .num_rows = static_cast<int>(num_rows),
         .num_quads = static_cast<int>((depth + 3) / 4)},
        {.blocks = blocks,
         .block_size = block_size(num_terms),
         .num_outputs = static_cast<int>(group_out_)},
        {.data = sums + group * stage_.padded_run(), .stride = stage_.stride(), .add = false});
  }
}

}  // namespace deepaxe::kernel::table
