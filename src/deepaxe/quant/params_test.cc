#include "deepaxe/quant/params.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace deepaxe::quant {
namespace {

TEST(Quantize, RoundTripsEveryCode) {
  for (const float scale : {1.0F, 0.00392156885F, 0.1F, 37.5F}) {
    for (const std::int32_t zero_point : {-128, -1, 0, 5, 127}) {
      const QuantParams params{.scale = scale, .zero_point = zero_point};
      for (int code = -128; code <= 127; ++code) {
        const auto stored = static_cast<std::int8_t>(code);
        ASSERT_EQ(quantize(dequantize(stored, params), params), stored);
      }
    }
  }
}

TEST(Quantize, RoundsTiesAwayFromZeroBeforeTheZeroPoint) {
  const QuantParams params{.scale = 2, .zero_point = 10};
  EXPECT_EQ(quantize(1, params), 11);  // 0.5 -> 1.
  EXPECT_EQ(quantize(-1, params), 9);  // -0.5 -> -1.
  EXPECT_EQ(quantize(-3, params), 8);  // -1.5 -> -2.
}

TEST(Quantize, SaturatesAtBothEnds) {
  const QuantParams params{.scale = 0.5F, .zero_point = -3};
  EXPECT_EQ(quantize(1e30F, params), 127);
  EXPECT_EQ(quantize(-1e30F, params), -128);
  EXPECT_EQ(quantize(std::numeric_limits<float>::infinity(), params), 127);
}

TEST(Dequantize, MapsTheZeroPointToZero) {
  const QuantParams params{.scale = 0.3F, .zero_point = 42};
  EXPECT_EQ(dequantize(42, params), 0.0F);
}

}  // namespace
}  // namespace deepaxe::quant
