#include "deepaxe/quant/activation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace deepaxe::quant {
namespace {

constexpr QuantParams kFine{.scale = 0.05F, .zero_point = -20};

std::int8_t at(const CodeTable& table, int code) {
  return table[static_cast<std::uint8_t>(static_cast<std::int8_t>(code))];
}

// Every code of the table against the real function, quantized.
template <typename Function>
void expect_near(const CodeTable& table, const QuantParams& in, const QuantParams& out,
                 Function function, int tolerance) {
  for (int code = -128; code <= 127; ++code) {
    const float real = dequantize(static_cast<std::int8_t>(code), in);
    EXPECT_NEAR(at(table, code), quantize(static_cast<float>(function(real)), out), tolerance)
        << "code " << code;
  }
}

TEST(Rescale, ToTheSameScaleIsTheIdentity) {
  const CodeTable table = rescale_table(make_rescale(kFine, kFine));
  for (int code = -128; code <= 127; ++code) ASSERT_EQ(at(table, code), code);
}

TEST(Rescale, HasTheSlopeBelowTheZeroPoint) {
  const QuantParams same{.scale = 0.1F, .zero_point = 0};
  const Rescale leaky = make_leaky_rescale(same, same, 0.25F);
  EXPECT_EQ(leaky(-100), -25);
  EXPECT_EQ(leaky(100), 100);
  EXPECT_EQ(make_leaky_rescale(same, same, -0.25F)(-100), 25);
  Rescale relu = make_leaky_rescale(same, same, 0);
  EXPECT_EQ(relu(-100), 0);
  relu.clamp_high = 60;
  EXPECT_EQ(relu(100), 60);
}

TEST(TanhTable, IsTheRoundedRealFunction) {
  const QuantParams out{.scale = 1.0F / 128, .zero_point = 0};
  expect_near(
      tanh_table(kFine, out), kFine, out, [](float x) { return std::tanh(x); }, 0);
}

TEST(LogisticTable, IsTheRoundedRealFunctionAndSaturates) {
  const QuantParams out{.scale = 1.0F / 256, .zero_point = -128};
  const CodeTable table = logistic_table(kFine, out);
  expect_near(
      table, kFine, out, [](float x) { return 1 / (1 + std::exp(-x)); }, 0);
  const QuantParams coarse{.scale = 1, .zero_point = 0};
  EXPECT_EQ(at(logistic_table(coarse, out), 127), 127);  // 1 has no code.
}

TEST(HardSwishTable, IsWithinOneCodeOfTheRealFunction) {
  for (const float scale : {0.02F, 0.05F, 0.2F}) {
    const QuantParams in{.scale = scale, .zero_point = -3};
    const QuantParams out{.scale = scale / 2, .zero_point = -100};
    expect_near(
        hard_swish_table(in, out), in, out,
        [](float x) { return x * std::fmin(std::fmax(x + 3, 0.0F), 6.0F) / 6; }, 1);
  }
}

// As LiteRT's kernel gives it: a 16-bit shift by 16 or more leaves the sign.
TEST(HardSwishTable, AVanishingFactorLeavesTheSign) {
  const CodeTable table =
      hard_swish_table({.scale = 1, .zero_point = 0}, {.scale = 0x1p12F, .zero_point = 5});
  EXPECT_EQ(at(table, 100), 6);
  EXPECT_EQ(at(table, 0), 6);
}

TEST(HardSwishTable, RefusesScalesTooFarApart) {
  EXPECT_THROW(hard_swish_table({.scale = 200, .zero_point = 0}, {.scale = 1, .zero_point = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::quant
