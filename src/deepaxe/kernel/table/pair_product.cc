#include "deepaxe/kernel/table/pair_product.h"

#include "deepaxe/kernel/table/factor_planes.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

constexpr std::size_t kBlock = kGemmBlock;

}  // namespace

PairProduct::PairProduct(const ComputingLayer& layer, const Window& window,
                         const OutputStage& stage, const HotLoops& loops)
    : layer_(layer),
      window_(window),
      stage_(stage),
      loops_(loops),
      group_in_(to_size(layer.geometry.in_c / layer.geometry.groups)),
      group_out_(to_size(layer.geometry.out_c / layer.geometry.groups)) {
  const std::vector<std::int32_t>& offsets = window.offsets();
  for (std::size_t k = 0; k < offsets.size();) {
    const bool is_single = k + 1 == offsets.size() || offsets[k + 1] != offsets[k] + 1;
    pair_first_.push_back(k);
    pair_offsets_.push_back(offsets[k]);
    pair_is_single_.push_back(is_single);
    k += is_single ? 1 : 2;
  }
}

std::size_t PairProduct::group_words(std::size_t num_terms) const {
  return (group_out_ + kBlock - 1) / kBlock * kBlock * num_terms * pair_first_.size();
}

std::size_t PairProduct::num_bytes(std::size_t num_terms) const {
  return to_size(layer_.geometry.groups) * group_words(num_terms) * sizeof(std::uint32_t);
}

std::size_t PairProduct::row_bytes(std::size_t num_terms) const {
  return num_terms * window_.padded_size() / window_.num_positions() * sizeof(std::int16_t) +
         stage_.stride() * sizeof(std::uint32_t);
}

void PairProduct::prepare(const arith::Factorization& factors, std::uint32_t* words) const {
  const std::size_t num_terms = factors.terms.size();
  const std::size_t num_pairs = pair_first_.size();
  for (std::size_t o = 0; o < layer_.folded_bias.size(); ++o) {
    const std::size_t in_group = o % group_out_;
    const std::int8_t* weights = layer_.weights.data() + o * window_.depth();
    std::uint32_t* place = words + o / group_out_ * group_words(num_terms) +
                           in_group / kBlock * num_terms * num_pairs * kBlock + in_group % kBlock;
    for (const arith::Factorization::Term& term : factors.terms) {
      const auto g = [&](std::size_t k) {
        return std::uint32_t{
            static_cast<std::uint16_t>(term.g[static_cast<std::uint8_t>(weights[k])])};
      };
      for (std::size_t p = 0; p < num_pairs; ++p, place += kBlock) {
        const std::uint32_t second = pair_is_single_[p] ? 0 : g(pair_first_[p] + 1);
        *place = g(pair_first_[p]) | second << 16;
      }
    }
  }
}

// One long matrix product: the terms are as many planes of activations side by side.
void PairProduct::sum(const arith::Factorization& factors, const std::uint32_t* weights,
                      const std::uint8_t* codes, int num_images, std::uint32_t* sums) const {
  const std::size_t num_terms = factors.terms.size();
  const std::int16_t* values = expand_planes(factors, window_, loops_, codes, num_images);
  const std::int32_t* offsets = offsets_in_planes(pair_offsets_, window_, num_terms);
  for (int group = 0; group < layer_.geometry.groups; ++group) {
    const GemmRows rows = {.input = values + to_size(group) * group_in_,
                           .image_stride = num_terms * window_.padded_size(),
                           .num_images = num_images,
                           .bases = window_.bases().data(),
                           .num_rows = static_cast<int>(window_.num_positions()),
                           .offsets = offsets,
                           .num_pairs = static_cast<int>(num_terms * pair_first_.size())};
    const std::uint32_t* words = weights + to_size(group) * group_words(num_terms);
    loops_.multiply_pairs(
        rows, reinterpret_cast<const std::int32_t*>(words), static_cast<int>(group_out_),
        {.data = sums + group * stage_.padded_run(), .stride = stage_.stride(), .add = false});
  }
}

}  // namespace deepaxe::kernel::table
