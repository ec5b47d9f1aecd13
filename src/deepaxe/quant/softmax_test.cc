#include "deepaxe/quant/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/quant/params.h"

namespace deepaxe::quant {
namespace {

std::vector<std::int8_t> softmax_of(float scale, const std::vector<std::int8_t>& row) {
  std::vector<std::int8_t> output(row.size());
  softmax(make_softmax_scale(scale), row, output);
  return output;
}

TEST(Softmax, IsWithinOneCodeOfTheRealFunction) {
  const base::CounterRng rng(1);
  std::uint64_t i = 0;
  for (int trial = 0; trial < 500; ++trial) {
    const float scale = 0.002F * static_cast<float>(1 + rng.below(200, i++));
    std::vector<std::int8_t> row(1 + rng.below(20, i++));
    for (auto& code : row)
      code = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i++)) - 128);
    const auto output = softmax_of(scale, row);
    double sum = 0;
    for (const std::int8_t code : row) sum += std::exp(double{scale} * code);
    for (std::size_t c = 0; c < row.size(); ++c) {
      const double real = std::exp(double{scale} * row[c]) / sum;
      const QuantParams out{.scale = 1.0F / 256, .zero_point = -128};
      ASSERT_NEAR(output[c], quantize(static_cast<float>(real), out), 1);
    }
  }
}

TEST(Softmax, OfEqualCodesIsUniform) {
  EXPECT_EQ(softmax_of(0.1F, {5, 5, 5, 5}), (std::vector<std::int8_t>{-64, -64, -64, -64}));
  EXPECT_EQ(softmax_of(0.1F, {-128}), (std::vector<std::int8_t>{127}));
}

TEST(Softmax, IsBlindToAShiftOfAllCodes) {
  EXPECT_EQ(softmax_of(0.07F, {-128, -100, -90}), softmax_of(0.07F, {-1, 27, 37}));
}

}  // namespace
}  // namespace deepaxe::quant
