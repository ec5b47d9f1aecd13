#include "deepaxe/kernel/reference/convolution.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::reference {
namespace {

// An independent way: scatter each activation of the padded image to the outputs it reaches.
std::vector<std::int64_t> scatter_exact(const ComputingLayer& layer,
                                        const std::vector<std::int8_t>& input) {
  const ConvGeometry& g = layer.geometry;
  std::vector<std::int64_t> sums(g.out_size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] = layer.folded_bias[i % static_cast<std::size_t>(g.out_c)];
  }
  const int group_in = g.in_c / g.groups;
  const int group_out = g.out_c / g.groups;
  const int reach_h = g.out_h * g.stride_h + g.kernel_h * g.dilation_h;
  const int reach_w = g.out_w * g.stride_w + g.kernel_w * g.dilation_w;
  for (int y = -g.pad_top; y < reach_h; ++y) {
    for (int x = -g.pad_left; x < reach_w; ++x) {
      for (int o = 0; o < g.out_c; ++o) {
        for (int k = 0; k < static_cast<int>(g.depth()); ++k) {
          const int from_y = y + g.pad_top - k / group_in / g.kernel_w * g.dilation_h;
          const int from_x = x + g.pad_left - k / group_in % g.kernel_w * g.dilation_w;
          if (from_y < 0 || from_x < 0 || from_y % g.stride_h != 0 || from_x % g.stride_w != 0 ||
              from_y / g.stride_h >= g.out_h || from_x / g.stride_w >= g.out_w) {
            continue;
          }
          const bool inside = y >= 0 && y < g.in_h && x >= 0 && x < g.in_w;
          const int channel = o / group_out * group_in + k % group_in;
          const int code =
              inside ? input[static_cast<std::size_t>((y * g.in_w + x) * g.in_c + channel)]
                     : layer.in_zero_point;
          const int weight =
              layer.weights[static_cast<std::size_t>(o) * g.depth() + static_cast<std::size_t>(k)];
          const int out = (from_y / g.stride_h * g.out_w + from_x / g.stride_w) * g.out_c + o;
          sums[static_cast<std::size_t>(out)] += code * weight;
        }
      }
    }
  }
  return sums;
}

TEST(ReferenceAccumulate, WithExactProductsIsTheConvolution) {
  const arith::Multiplier exact = arith::Multiplier::exact();
  const arith::Multiplier* const multipliers[] = {&exact};
  for (std::uint64_t trial = 0; trial < 150; ++trial) {
    Dice dice(trial);
    const ComputingLayer layer = random_layer(dice, random_geometry(dice));
    const auto input = dice.codes(layer.geometry.in_size());
    std::vector<std::int32_t> sums(layer.geometry.out_size());
    accumulate(layer, multipliers, input, sums);
    const auto expected = scatter_exact(layer, input);
    ASSERT_TRUE(std::equal(sums.begin(), sums.end(), expected.begin())) << "trial " << trial;
  }
}

TEST(ReferenceAccumulate, TakesTheActivationAsFirstOperand) {
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  products[arith::Multiplier::index(3, -5)] = 77;
  const arith::Multiplier one_pair(std::move(products));
  const arith::Multiplier* const multipliers[] = {&one_pair};
  ComputingLayer layer;
  layer.weights = {-5};
  layer.folded_bias = {1000};
  layer.scales = {quant::make_requant_scale(1)};
  std::vector<std::int32_t> sum(1);
  accumulate(layer, multipliers, std::vector<std::int8_t>{3}, sum);
  EXPECT_EQ(sum[0], 1077);
  accumulate(layer, multipliers, std::vector<std::int8_t>{-5}, sum);
  EXPECT_EQ(sum[0], 1000);
}

TEST(ReferenceAccumulate, MultipliesPaddingElementsToo) {
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  products[arith::Multiplier::index(9, 1)] = 5;  // Only the zero point's code gives a product.
  const arith::Multiplier marks(std::move(products));
  const arith::Multiplier* const multipliers[] = {&marks};
  ComputingLayer layer;
  layer.geometry = {.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_left = 1};
  layer.weights.assign(9, 1);
  layer.folded_bias = {0};
  layer.scales = {quant::make_requant_scale(1)};
  layer.in_zero_point = 9;
  std::vector<std::int32_t> sum(1);
  accumulate(layer, multipliers, std::vector<std::int8_t>{0}, sum);
  EXPECT_EQ(sum[0], 8 * 5);
}

TEST(ReferenceConvolve, UsesEachOutputsOwnMultiplier) {
  Dice dice(5);
  const ComputingLayer layer = random_layer(dice, {.in_c = 20, .out_c = 3});
  const auto input = dice.codes(20);
  const arith::Multiplier a = make_test_multiplier(TableKind::kRandom, dice);
  const arith::Multiplier b = make_test_multiplier(TableKind::kRandom, dice);
  const auto run = [&](MultiplierSpan multipliers) {
    std::vector<std::int32_t> sums(3);
    accumulate(layer, multipliers, input, sums);
    return sums;
  };
  const arith::Multiplier* const only_a[] = {&a};
  const arith::Multiplier* const only_b[] = {&b};
  const arith::Multiplier* const mixed[] = {&a, &b, &a};
  EXPECT_EQ(run(mixed)[0], run(only_a)[0]);
  EXPECT_EQ(run(mixed)[1], run(only_b)[1]);
  EXPECT_EQ(run(mixed)[2], run(only_a)[2]);
}

}  // namespace
}  // namespace deepaxe::kernel::reference
