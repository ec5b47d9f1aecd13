// LayerOperands: the activation that each product of a computing layer reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// Products of an output are numbered as the layer's weights: [kernel_h][kernel_w][in_c / groups].
class LayerOperands {
 public:
  explicit LayerOperands(const kernel::ComputingLayer& layer) : layer_(layer) {}

  /// Of product `product` of the output at `position` (row-major) and `channel`.
  std::int8_t at(std::size_t position, std::size_t channel, std::size_t product,
                 std::span<const std::int8_t> input) const noexcept {
    const kernel::ConvGeometry& g = layer_.geometry;
    const auto in_per_group = static_cast<std::size_t>(g.in_c / g.groups);
    const auto tap = static_cast<int>(product / in_per_group);
    const auto at = static_cast<int>(position);
    const std::int8_t* pixel =
        find_pixel(at / g.out_w, at % g.out_w, tap / g.kernel_w, tap % g.kernel_w, input);
    return pixel == nullptr ? layer_.in_zero_point
                            : pixel[first_channel(channel) + product % in_per_group];
  }

  /// Calls visit(product, activation) for every product of that output, in order.
  template <typename Visit>
  void for_each(std::size_t position, std::size_t channel, std::span<const std::int8_t> input,
                const Visit& visit) const {
    const kernel::ConvGeometry& g = layer_.geometry;
    const auto in_per_group = static_cast<std::size_t>(g.in_c / g.groups);
    const auto at = static_cast<int>(position);
    std::size_t product = 0;
    for (int kernel_y = 0; kernel_y < g.kernel_h; ++kernel_y) {
      for (int kernel_x = 0; kernel_x < g.kernel_w; ++kernel_x) {
        const std::int8_t* pixel =
            find_pixel(at / g.out_w, at % g.out_w, kernel_y, kernel_x, input);
        for (std::size_t c = 0; c < in_per_group; ++c) {
          visit(product++,
                pixel == nullptr ? layer_.in_zero_point : pixel[first_channel(channel) + c]);
        }
      }
    }
  }

 private:
  std::size_t first_channel(std::size_t channel) const noexcept {
    const kernel::ConvGeometry& g = layer_.geometry;
    return channel / static_cast<std::size_t>(g.out_c / g.groups) *
           static_cast<std::size_t>(g.in_c / g.groups);
  }
  // The channels of the pixel under a tap of the window of output (y, x); null in the padding.
  const std::int8_t* find_pixel(int y, int x, int kernel_y, int kernel_x,
                                std::span<const std::int8_t> input) const noexcept {
    const kernel::ConvGeometry& g = layer_.geometry;
    const int in_y = y * g.stride_h - g.pad_top + kernel_y * g.dilation_h;
    const int in_x = x * g.stride_w - g.pad_left + kernel_x * g.dilation_w;
    if (in_y < 0 || in_y >= g.in_h || in_x < 0 || in_x >= g.in_w) return nullptr;
    return input.data() + (static_cast<std::size_t>(in_y) * static_cast<std::size_t>(g.in_w) +
                           static_cast<std::size_t>(in_x)) *
                              static_cast<std::size_t>(g.in_c);
  }

  const kernel::ComputingLayer& layer_;
};

}  // namespace deepaxe::fault
