#include "deepaxe/kernel/reference/elementwise.h"

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

TEST(Add, IsWithinOneCodeOfTheRealSum) {
  Dice dice(1);
  for (int trial = 0; trial < 20'000; ++trial) {
    const quant::QuantParams a{.scale = static_cast<float>(0.01 + dice.unit()),
                               .zero_point = dice.code()};
    const quant::QuantParams b{.scale = static_cast<float>(0.01 + dice.unit()),
                               .zero_point = dice.code()};
    const quant::QuantParams out{.scale = static_cast<float>(0.3 + dice.unit()),
                                 .zero_point = dice.code()};
    const AddLayer layer = make_add_layer(a, b, out);
    const std::int8_t x = dice.code();
    const std::int8_t y = dice.code();
    const float real = quant::dequantize(x, a) + quant::dequantize(y, b);
    ASSERT_NEAR(add(layer, x, y), quant::quantize(real, out), 1);
    ASSERT_EQ(add(layer, x, y), add(make_add_layer(b, a, out), y, x));
  }
}

TEST(Add, OfEqualScalesIsTheSumOfCodes) {
  const quant::QuantParams same{.scale = 0.25F, .zero_point = 3};
  const AddLayer layer = make_add_layer(same, same, same);
  for (int a = -128; a <= 127; ++a) {
    const auto x = static_cast<std::int8_t>(a);
    ASSERT_EQ(add(layer, x, 10), std::min(a + 7, 127));
  }
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

TEST(Rescale, ToTheSameScaleIsTheIdentity) {
  const quant::QuantParams same{.scale = 0.1F, .zero_point = 17};
  const auto table = tabulate(make_rescale_layer(same, same));
  for (int code = -128; code <= 127; ++code) {
    const auto stored = static_cast<std::int8_t>(code);
    ASSERT_EQ(table[static_cast<std::uint8_t>(stored)], stored);
  }
}

TEST(Rescale, HasTheNegativeSlopeBelowTheZeroPoint) {
  const quant::QuantParams same{.scale = 0.1F, .zero_point = 0};
  const RescaleLayer leaky = make_rescale_layer(same, same, 0.25);
  EXPECT_EQ(rescale(leaky, -100), -25);
  EXPECT_EQ(rescale(leaky, 100), 100);
  RescaleLayer relu = make_rescale_layer(same, same, 0);
  EXPECT_EQ(rescale(relu, -100), 0);
  relu.clamp_high = 60;
  EXPECT_EQ(rescale(relu, 100), 60);
}

TEST(Frame, PadsAndCropsAreInverse) {
  Dice dice(3);
  const auto image = dice.codes(4 * 5 * 3);
  const FrameLayer pad = {
      .in_h = 4, .in_w = 5, .channels = 3, .out_h = 7, .out_w = 9, .top = 2, .left = 1, .fill = 42};
  const FrameLayer crop = {
      .in_h = 7, .in_w = 9, .channels = 3, .out_h = 4, .out_w = 5, .top = -2, .left = -1};
  std::vector<std::int8_t> padded(7 * 9 * 3);
  frame(pad, image, padded);
  EXPECT_EQ(padded.front(), 42);
  EXPECT_EQ(padded.back(), 42);
  EXPECT_EQ(
      std::count(padded.begin(), padded.end(), 42) - std::count(image.begin(), image.end(), 42),
      (7 * 9 - 4 * 5) * 3);
  std::vector<std::int8_t> back(image.size());
  frame(crop, padded, back);
  EXPECT_EQ(back, image);
}

TEST(Permute, MovesEachElementWhereItsAxesSay) {
  const std::vector<int> shape = {2, 3, 4};
  const std::vector<int> axes = {2, 0, 1};
  std::vector<std::int8_t> input(24);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::int8_t>(i);
  std::vector<std::int8_t> output(24);
  permute(shape, axes, input, output);
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t a = 0; a < 2; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        EXPECT_EQ(output[(c * 2 + a) * 3 + b], input[(a * 3 + b) * 4 + c]);
      }
    }
  }
}

}  // namespace
}  // namespace deepaxe::kernel::reference
