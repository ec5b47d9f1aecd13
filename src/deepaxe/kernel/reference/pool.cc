#include "deepaxe/kernel/reference/pool.h"

#include <algorithm>
#include <bit>

namespace deepaxe::kernel::reference {
namespace {

std::size_t index3(int row, int column, int channel, int num_columns, int num_channels) noexcept {
  return (static_cast<std::size_t>(row) * static_cast<std::size_t>(num_columns) +
          static_cast<std::size_t>(column)) *
             static_cast<std::size_t>(num_channels) +
         static_cast<std::size_t>(channel);
}

std::int8_t clamp_code(std::int32_t code, std::int32_t low, std::int32_t high) noexcept {
  return static_cast<std::int8_t>(std::clamp(code, low, high));
}

// Calls visit(code) for the elements of the window of output (y, x) that lie inside the image.
template <typename Visit>
void for_each_in_window(const PoolLayer& layer, std::span<const std::int8_t> input, int y, int x,
                        int channel, Visit visit) noexcept {
  const int first_y = y * layer.stride_h - layer.pad_top;
  const int first_x = x * layer.stride_w - layer.pad_left;
  for (int in_y = std::max(first_y, 0); in_y < std::min(first_y + layer.kernel_h, layer.in_h);
       ++in_y) {
    for (int in_x = std::max(first_x, 0); in_x < std::min(first_x + layer.kernel_w, layer.in_w);
         ++in_x) {
      visit(input[index3(in_y, in_x, channel, layer.in_w, layer.channels)]);
    }
  }
}

template <typename Pool>
void for_each_output(const PoolLayer& layer, std::span<std::int8_t> output, Pool pool) noexcept {
  for (int y = 0; y < layer.out_h; ++y) {
    for (int x = 0; x < layer.out_w; ++x) {
      for (int channel = 0; channel < layer.channels; ++channel) {
        output[index3(y, x, channel, layer.out_w, layer.channels)] =
            clamp_code(pool(y, x, channel), layer.clamp_low, layer.clamp_high);
      }
    }
  }
}

}  // namespace

std::int32_t rounded_average(std::int32_t sum, std::int32_t count) noexcept {
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

void max_pool(const PoolLayer& layer, std::span<const std::int8_t> input,
              std::span<std::int8_t> output) noexcept {
  for_each_output(layer, output, [&](int y, int x, int channel) {
    std::int32_t largest = -128;
    for_each_in_window(layer, input, y, x, channel,
                       [&](std::int8_t code) { largest = std::max<std::int32_t>(largest, code); });
    return largest;
  });
}

void average_pool(const PoolLayer& layer, std::span<const std::int8_t> input,
                  std::span<std::int8_t> output) noexcept {
  for_each_output(layer, output, [&](int y, int x, int channel) {
    std::int32_t sum = 0;
    std::int32_t count = 0;
    for_each_in_window(layer, input, y, x, channel, [&](std::int8_t code) {
      sum += code;
      ++count;
    });
    return rounded_average(sum, std::max(count, 1));
  });
}

MeanLayer make_mean_layer(int positions, int channels, const quant::QuantParams& in,
                          const quant::QuantParams& out) {
  quant::RequantScale scale =
      quant::make_requant_scale(static_cast<double>(in.scale) / static_cast<double>(out.scale));
  // floor(log2(positions)) more bits keep the mantissa in [2^29, 2^31); the shift stays >= -31.
  const int log2_positions =
      static_cast<int>(std::bit_width(static_cast<std::uint32_t>(positions))) - 1;
  const int extra_bits = std::min(log2_positions, 31 + scale.shift);
  scale.mantissa = static_cast<std::int32_t>((std::int64_t{scale.mantissa} << extra_bits) /
                                             std::int64_t{positions});
  scale.shift -= extra_bits;
  return {.positions = positions,
          .channels = channels,
          .zero_point = in.zero_point,
          .out_zero_point = out.zero_point,
          .scale = scale};
}

void mean(const MeanLayer& layer, std::span<const std::int8_t> input,
          std::span<std::int8_t> output) noexcept {
  for (int channel = 0; channel < layer.channels; ++channel) {
    std::int32_t sum = 0;
    for (int position = 0; position < layer.positions; ++position) {
      sum += input[index3(0, position, channel, layer.positions, layer.channels)];
    }
    output[static_cast<std::size_t>(channel)] = quant::requantize_to_code(
        sum - layer.zero_point * layer.positions, layer.scale, quant::Rounding::kDouble,
        layer.out_zero_point, layer.clamp_low, layer.clamp_high);
  }
}

}  // namespace deepaxe::kernel::reference
