#include "deepaxe/kernel/table/weight_rows.h"

#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {

WeightRows::WeightRows(const ComputingLayer& layer)
    : depth_(layer.geometry.depth()),
      stride_(round_up(to_size(layer.geometry.out_c / layer.geometry.groups), std::size_t{32})),
      weights_(to_size(layer.geometry.groups) * depth_ * stride_) {
  const std::size_t group_out = to_size(layer.geometry.out_c / layer.geometry.groups);
  for (std::size_t o = 0; o < to_size(layer.geometry.out_c); ++o) {
    std::uint8_t* column = weights_.data() + o / group_out * depth_ * stride_ + o % group_out;
    for (std::size_t k = 0; k < depth_; ++k) {
      column[k * stride_] = static_cast<std::uint8_t>(layer.weights[o * depth_ + k]);
    }
  }
}

const std::uint8_t* WeightRows::of_group(int group) const noexcept {
  return weights_.data() + to_size(group) * depth_ * stride_;
}

}  // namespace deepaxe::kernel::table
