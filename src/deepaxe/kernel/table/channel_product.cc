#include "deepaxe/kernel/table/channel_product.h"

#include "deepaxe/kernel/table/factor_planes.h"

namespace deepaxe::kernel::table {

ChannelProduct::ChannelProduct(const ComputingLayer& layer, const Window& window,
                               const OutputStage& stage, const HotLoops& loops)
    : layer_(layer), window_(window), stage_(stage), loops_(loops) {}

bool ChannelProduct::is_possible() const noexcept {
  const ConvGeometry& g = layer_.geometry;
  return stage_.is_narrow() && g.groups == g.in_c && g.groups == g.out_c;
}

std::size_t ChannelProduct::num_bytes(std::size_t num_terms) const {
  return num_terms * window_.depth() * stage_.stride() * sizeof(std::int16_t);  // An even stride.
}

std::size_t ChannelProduct::row_bytes(std::size_t num_terms) const {
  return num_terms * window_.padded_size() / window_.num_positions() * sizeof(std::int16_t) +
         stage_.stride() * sizeof(std::uint32_t);
}

void ChannelProduct::prepare(const arith::Factorization& factors, std::uint32_t* words) const {
  const std::size_t depth = window_.depth();
  auto* place = reinterpret_cast<std::int16_t*>(words);
  for (const arith::Factorization::Term& term : factors.terms) {
    for (std::size_t k = 0; k < depth; ++k, place += stage_.stride()) {
      for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
        place[o] = term.g[static_cast<std::uint8_t>(layer_.weights[o * depth + k])];
      }
    }
  }
}

void ChannelProduct::sum(const arith::Factorization& factors, const std::uint32_t* weights,
                         const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const std::size_t num_terms = factors.terms.size();
  const GemmRows rows = {.input = expand_planes(factors, window_, loops_, codes, num_images),
                         .image_stride = num_terms * window_.padded_size(),
                         .num_images = num_images,
                         .bases = window_.bases().data(),
                         .num_rows = static_cast<int>(window_.num_positions()),
                         .offsets = offsets_in_planes(window_.offsets(), window_, num_terms),
                         .num_pairs = static_cast<int>(num_terms * window_.depth())};
  loops_.multiply_channels(rows, reinterpret_cast<const std::int16_t*>(weights),
                           {.data = sums, .stride = stage_.stride(), .add = false});
}

}  // namespace deepaxe::kernel::table
