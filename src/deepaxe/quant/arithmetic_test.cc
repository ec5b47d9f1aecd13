#include "deepaxe/quant/arithmetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "deepaxe/base/philox.h"

namespace deepaxe::quant {
namespace {

// Random quantizations and codes, a function of the seed alone.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : rng_(seed) {}

  std::int8_t code() {
    return static_cast<std::int8_t>(static_cast<int>(rng_.below(256, i_++)) - 128);
  }
  QuantParams params(float least_scale) {
    const auto steps = static_cast<float>(rng_.below(1000, i_++));
    return {.scale = least_scale + steps / 1000, .zero_point = code()};
  }

 private:
  base::CounterRng rng_;
  std::uint64_t i_ = 0;
};

float real_result(BinaryKind kind, float a, float b) {
  switch (kind) {
    case BinaryKind::kAdd:
      return a + b;
    case BinaryKind::kSubtract:
      return a - b;
    case BinaryKind::kMultiply:
      return a * b;
    case BinaryKind::kPrelu:
      return a >= 0 ? a : a * b;
  }
  return 0;
}

class EveryBinaryKind : public testing::TestWithParam<BinaryKind> {};

TEST_P(EveryBinaryKind, IsWithinOneCodeOfTheRealResult) {
  Dice dice(1);
  for (int trial = 0; trial < 20'000; ++trial) {
    const QuantParams a = dice.params(0.01F);
    const QuantParams b = dice.params(0.01F);
    const QuantParams out = dice.params(0.3F);
    const std::int8_t x = dice.code();
    const std::int8_t y = dice.code();
    const float real = real_result(GetParam(), dequantize(x, a), dequantize(y, b));
    ASSERT_NEAR(make_binary_arithmetic(GetParam(), a, b, out)(x, y), quantize(real, out), 1);
  }
}

TEST_P(EveryBinaryKind, IsTabulatedByBitPatterns) {
  Dice dice(2);
  const BinaryArithmetic f =
      make_binary_arithmetic(GetParam(), dice.params(0.1F), dice.params(0.1F), dice.params(0.3F));
  const auto table = tabulate(f);
  EXPECT_EQ(table[0xFF02], f(-1, 2));
  EXPECT_EQ(table[0x7F80], f(127, -128));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryBinaryKind,
                         testing::Values(BinaryKind::kAdd, BinaryKind::kSubtract,
                                         BinaryKind::kMultiply, BinaryKind::kPrelu));

TEST(Add, IsCommutative) {
  Dice dice(3);
  for (int trial = 0; trial < 1'000; ++trial) {
    const QuantParams a = dice.params(0.01F);
    const QuantParams b = dice.params(0.01F);
    const QuantParams out = dice.params(0.3F);
    const std::int8_t x = dice.code();
    const std::int8_t y = dice.code();
    ASSERT_EQ(make_binary_arithmetic(BinaryKind::kAdd, a, b, out)(x, y),
              make_binary_arithmetic(BinaryKind::kAdd, b, a, out)(y, x));
  }
}

TEST(Add, OfEqualScalesIsTheSumOfCodes) {
  const QuantParams same{.scale = 0.25F, .zero_point = 3};
  const BinaryArithmetic f = make_binary_arithmetic(BinaryKind::kAdd, same, same, same);
  for (int a = -128; a <= 127; ++a) {
    ASSERT_EQ(f(static_cast<std::int8_t>(a), 10), std::min(a + 7, 127));
  }
}

}  // namespace
}  // namespace deepaxe::quant
