#include "deepaxe/kernel/reference/pool.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::reference {
namespace {

constexpr PoolLayer kTwoByTwo = {.in_h = 3,
                                 .in_w = 3,
                                 .channels = 1,
                                 .out_h = 2,
                                 .out_w = 2,
                                 .kernel_h = 2,
                                 .kernel_w = 2,
                                 .stride_h = 2,
                                 .stride_w = 2};

TEST(MaxPool, LooksOnlyInsideTheImage) {
  const std::vector<std::int8_t> input = {-9, -8, -7, -6, -5, -4, -3, -2, -1};
  std::vector<std::int8_t> output(4);
  max_pool(kTwoByTwo, input, output);
  EXPECT_EQ(output, (std::vector<std::int8_t>{-5, -4, -2, -1}));
}

TEST(MaxPool, Clamps) {
  PoolLayer layer = kTwoByTwo;
  layer.clamp_low = -4;
  layer.clamp_high = -2;
  const std::vector<std::int8_t> input = {-9, -8, -7, -6, -5, -4, -3, -2, -1};
  std::vector<std::int8_t> output(4);
  max_pool(layer, input, output);
  EXPECT_EQ(output, (std::vector<std::int8_t>{-4, -4, -2, -2}));
}

TEST(AveragePool, RoundsTiesAwayFromZeroAndLeavesPaddingOut) {
  const std::vector<std::int8_t> input = {1, 2, -1, 2, 1, -2, 3, 4, 5};
  std::vector<std::int8_t> output(4);
  average_pool(kTwoByTwo, input, output);  // 6/4, -3/2, 7/2, 5/1.
  EXPECT_EQ(output, (std::vector<std::int8_t>{2, -2, 4, 5}));
}

TEST(Mean, OfEqualScalesIsTheRoundedMean) {
  const quant::QuantParams same{.scale = 0.25F, .zero_point = -128};
  const MeanLayer layer = make_mean_layer(4, 2, same, same);
  std::vector<std::int8_t> output(2);
  mean(layer, std::vector<std::int8_t>{1, -128, 2, -128, 2, -128, 2, -125}, output);
  EXPECT_EQ(output, (std::vector<std::int8_t>{2, -127}));  // 1.75; -127.25.
}

TEST(Mean, IsWithinOneCodeOfTheRealMean) {
  Dice dice(2);
  for (int trial = 0; trial < 2'000; ++trial) {
    const quant::QuantParams in{.scale = static_cast<float>(0.01 + dice.unit()),
                                .zero_point = dice.code()};
    const quant::QuantParams out{.scale = static_cast<float>(0.01 + dice.unit()),
                                 .zero_point = dice.code()};
    const int positions = dice.in(1, 70);
    const auto input = dice.codes(static_cast<std::size_t>(positions));
    float sum = 0;
    for (const std::int8_t code : input) sum += quant::dequantize(code, in);
    std::vector<std::int8_t> output(1);
    mean(make_mean_layer(positions, 1, in, out), input, output);
    ASSERT_NEAR(output[0], quant::quantize(sum / static_cast<float>(positions), out), 1);
  }
}

}  // namespace
}  // namespace deepaxe::kernel::reference
