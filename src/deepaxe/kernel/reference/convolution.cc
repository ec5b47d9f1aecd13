#include "deepaxe/kernel/reference/convolution.h"

#include <vector>

namespace deepaxe::kernel::reference {
namespace {

std::size_t index3(int row, int column, int channel, int num_columns, int num_channels) noexcept {
  return (static_cast<std::size_t>(row) * static_cast<std::size_t>(num_columns) +
          static_cast<std::size_t>(column)) *
             static_cast<std::size_t>(num_channels) +
         static_cast<std::size_t>(channel);
}

// The code that product (kernel_y, kernel_x, input channel) of output (y, x) sees.
std::int8_t activation_at(const ComputingLayer& layer, std::span<const std::int8_t> input, int y,
                          int x, int kernel_y, int kernel_x, int channel) noexcept {
  const ConvGeometry& g = layer.geometry;
  const int in_y = y * g.stride_h - g.pad_top + kernel_y * g.dilation_h;
  const int in_x = x * g.stride_w - g.pad_left + kernel_x * g.dilation_w;
  const bool inside = in_y >= 0 && in_y < g.in_h && in_x >= 0 && in_x < g.in_w;
  return inside ? input[index3(in_y, in_x, channel, g.in_w, g.in_c)] : layer.in_zero_point;
}

// The codes that the products of output (y, x) see of a group's channels, in the order of the
// weights.
void read_window(const ComputingLayer& layer, std::span<const std::int8_t> input, int y, int x,
                 int group, std::span<std::int8_t> window) noexcept {
  const ConvGeometry& g = layer.geometry;
  const int group_in = g.in_c / g.groups;
  auto place = window.begin();
  for (int kernel_y = 0; kernel_y < g.kernel_h; ++kernel_y) {
    for (int kernel_x = 0; kernel_x < g.kernel_w; ++kernel_x) {
      for (int channel = 0; channel < group_in; ++channel) {
        *place++ =
            activation_at(layer, input, y, x, kernel_y, kernel_x, group * group_in + channel);
      }
    }
  }
}

// The sums of output channels [begin, end) of one position, modulo 2^32. Code by code of the
// window: the products of one code lie together in the table, and this is run for every pair
// re-checked.
void add_products(const ComputingLayer& layer, MultiplierSpan multipliers,
                  std::span<const std::int8_t> window, int begin, int end,
                  std::int32_t* sums) noexcept {
  for (int o = begin; o < end; ++o) sums[o] = layer.folded_bias[static_cast<std::size_t>(o)];
  for (std::size_t k = 0; k < window.size(); ++k) {
    for (int o = begin; o < end; ++o) {
      const auto out = static_cast<std::size_t>(o);
      const arith::Multiplier& multiplier = *multipliers[multipliers.size() == 1 ? 0 : out];
      const std::int16_t product = multiplier(window[k], layer.weights[out * window.size() + k]);
      sums[o] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[o]) +
                                          static_cast<std::uint32_t>(product));
    }
  }
}

}  // namespace

void accumulate(const ComputingLayer& layer, MultiplierSpan multipliers,
                std::span<const std::int8_t> input, std::span<std::int32_t> accumulators) {
  const ConvGeometry& g = layer.geometry;
  const int group_out = g.out_c / g.groups;
  std::vector<std::int8_t> window(g.depth());
  for (int y = 0; y < g.out_h; ++y) {
    for (int x = 0; x < g.out_w; ++x) {
      std::int32_t* const sums = &accumulators[index3(y, x, 0, g.out_w, g.out_c)];
      for (int group = 0; group < g.groups; ++group) {
        read_window(layer, input, y, x, group, window);
        add_products(layer, multipliers, window, group * group_out, (group + 1) * group_out, sums);
      }
    }
  }
}

void requantize(const ComputingLayer& layer, std::span<const std::int32_t> accumulators,
                std::span<std::int8_t> output) noexcept {
  const auto out_c = static_cast<std::size_t>(layer.geometry.out_c);
  for (std::size_t i = 0; i < layer.geometry.out_size(); ++i) {
    output[i] = quant::requantize_to_code(accumulators[i], layer.scales[i % out_c], layer.rounding,
                                          layer.out_zero_point, layer.clamp_low, layer.clamp_high);
  }
}

void convolve(const ComputingLayer& layer, MultiplierSpan multipliers,
              std::span<const std::int8_t> input, std::span<std::int8_t> output) {
  std::vector<std::int32_t> accumulators(layer.geometry.out_size());
  accumulate(layer, multipliers, input, accumulators);
  requantize(layer, accumulators, output);
}

}  // namespace deepaxe::kernel::reference
