// WeightRows: the weights of a layer with the outputs of a group lying together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::kernel::table {

/// Bit patterns [groups, depth, stride()], outputs past the last one 0. Immutable.
class WeightRows {
 public:
  explicit WeightRows(const ComputingLayer& layer);

  std::size_t stride() const noexcept { return stride_; }  ///< A multiple of 32.
  const std::uint8_t* of_group(int group) const noexcept;

 private:
  const std::size_t depth_;
  const std::size_t stride_;
  std::vector<std::uint8_t> weights_;
};

}  // namespace deepaxe::kernel::table
