#include "deepaxe/kernel/reference/elementwise.h"

#include <algorithm>
#include <bit>

namespace deepaxe::kernel::reference {
namespace {

constexpr int kAddLeftShift = 20;  // 9-bit differences become 29 bits: no overflow in the sum.

std::size_t index3(int row, int column, int channel, int num_columns, int num_channels) noexcept {
  return (static_cast<std::size_t>(row) * static_cast<std::size_t>(num_columns) +
          static_cast<std::size_t>(column)) *
             static_cast<std::size_t>(num_channels) +
         static_cast<std::size_t>(channel);
}

// To nearest, ties away from zero; count > 0.
std::int32_t divide_rounded(std::int32_t sum, std::int32_t count) noexcept {
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
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
    return divide_rounded(sum, std::max(count, 1));
  });
}

AddLayer make_add_layer(const quant::QuantParams& a, const quant::QuantParams& b,
                        const quant::QuantParams& out) {
  // Scales are float32; doubling and the power of two are exact, the quotients are in double.
  const double twice_larger = 2.0 * static_cast<double>(std::max(a.scale, b.scale));
  const double shifted_out = static_cast<double>(out.scale) * (1 << kAddLeftShift);
  return {.zero_point_a = a.zero_point,
          .zero_point_b = b.zero_point,
          .out_zero_point = out.zero_point,
          .scale_a = quant::make_requant_scale(static_cast<double>(a.scale) / twice_larger),
          .scale_b = quant::make_requant_scale(static_cast<double>(b.scale) / twice_larger),
          .out_scale = quant::make_requant_scale(twice_larger / shifted_out)};
}

std::int8_t add(const AddLayer& layer, std::int8_t a, std::int8_t b) noexcept {
  constexpr auto kRounding = quant::Rounding::kDouble;
  const std::int32_t scaled_a =
      quant::requantize((a - layer.zero_point_a) * (1 << kAddLeftShift), layer.scale_a, kRounding);
  const std::int32_t scaled_b =
      quant::requantize((b - layer.zero_point_b) * (1 << kAddLeftShift), layer.scale_b, kRounding);
  return quant::requantize_to_code(scaled_a + scaled_b, layer.out_scale, kRounding,
                                   layer.out_zero_point, layer.clamp_low, layer.clamp_high);
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

RescaleLayer make_rescale_layer(const quant::QuantParams& in, const quant::QuantParams& out,
                                double negative_slope) {
  const double factor = static_cast<double>(in.scale) / static_cast<double>(out.scale);
  return {.zero_point = in.zero_point,
          .out_zero_point = out.zero_point,
          .scale = quant::make_requant_scale(factor),
          .negative_scale = quant::make_requant_scale(factor * negative_slope)};
}

std::int8_t rescale(const RescaleLayer& layer, std::int8_t code) noexcept {
  const std::int32_t difference = code - layer.zero_point;
  return quant::requantize_to_code(difference, difference >= 0 ? layer.scale : layer.negative_scale,
                                   quant::Rounding::kDouble, layer.out_zero_point, layer.clamp_low,
                                   layer.clamp_high);
}

std::array<std::int8_t, 256> tabulate(const RescaleLayer& layer) noexcept {
  std::array<std::int8_t, 256> table{};
  for (int code = -128; code <= 127; ++code) {
    const auto stored = static_cast<std::int8_t>(code);
    table[static_cast<std::uint8_t>(stored)] = rescale(layer, stored);
  }
  return table;
}

void frame(const FrameLayer& layer, std::span<const std::int8_t> input,
           std::span<std::int8_t> output) noexcept {
  for (int y = 0; y < layer.out_h; ++y) {
    for (int x = 0; x < layer.out_w; ++x) {
      const int in_y = y - layer.top;
      const int in_x = x - layer.left;
      const bool inside = in_y >= 0 && in_y < layer.in_h && in_x >= 0 && in_x < layer.in_w;
      for (int channel = 0; channel < layer.channels; ++channel) {
        output[index3(y, x, channel, layer.out_w, layer.channels)] =
            inside ? input[index3(in_y, in_x, channel, layer.in_w, layer.channels)] : layer.fill;
      }
    }
  }
}

void permute(std::span<const int> shape, std::span<const int> axes,
             std::span<const std::int8_t> input, std::span<std::int8_t> output) {
  const std::size_t rank = shape.size();
  std::vector<std::size_t> in_strides(rank, 1);
  for (std::size_t axis = rank; axis-- > 1;) {
    in_strides[axis - 1] = in_strides[axis] * static_cast<std::size_t>(shape[axis]);
  }
  std::vector<int> position(rank, 0);  // In the output, last axis fastest.
  for (std::int8_t& code : output) {
    std::size_t in_index = 0;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      in_index += static_cast<std::size_t>(position[axis]) *
                  in_strides[static_cast<std::size_t>(axes[axis])];
    }
    code = input[in_index];
    for (std::size_t axis = rank; axis-- > 0;) {
      if (++position[axis] < shape[static_cast<std::size_t>(axes[axis])]) break;
      position[axis] = 0;
    }
  }
}

}  // namespace deepaxe::kernel::reference
