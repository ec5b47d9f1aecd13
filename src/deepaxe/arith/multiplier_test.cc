#include "deepaxe/arith/multiplier.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace deepaxe::arith {
namespace {

TEST(Multiplier, ExactHasNoError) {
  const Multiplier exact = Multiplier::exact();
  const ErrorStats stats = error_stats(exact);
  EXPECT_TRUE(exact.is_exact());
  EXPECT_EQ(stats.mean_absolute_lsb, 0);
  EXPECT_EQ(stats.mean_square_lsb2, 0);
  EXPECT_EQ(stats.worst_case_lsb, 0);
  EXPECT_EQ(stats.probability, 0);
  EXPECT_EQ(stats.mean_relative, 0);
}

// Closed form: the error of "always 0" is |a*b|, and the mean of |a| over int8 is exactly 64.
TEST(Multiplier, AlwaysZeroMatchesClosedForm) {
  const Multiplier zero{std::vector<std::int16_t>(Multiplier::kNumProducts)};
  const ErrorStats stats = error_stats(zero);
  EXPECT_FALSE(zero.is_exact());
  EXPECT_EQ(stats.mean_absolute_lsb, 64.0 * 64.0);
  EXPECT_EQ(stats.mean_lsb, -0.25);                    // -(mean of a)^2 = -(-1/2)^2.
  EXPECT_EQ(stats.mean_square_lsb2, 5461.5 * 5461.5);  // Mean of a^2: (127*128*255/6 + 128^2)/256.
  EXPECT_EQ(stats.worst_case_lsb, 128 * 128);
  EXPECT_EQ(stats.probability, (255.0 / 256.0) * (255.0 / 256.0));  // Both operands nonzero.
  EXPECT_EQ(stats.mean_relative, 1);
}

TEST(Multiplier, OneWrongProductIsSeenByEveryFigure) {
  const Multiplier exact = Multiplier::exact();
  std::vector<std::int16_t> products(exact.products().begin(), exact.products().end());
  products[Multiplier::index(3, -5)] = -15 - 7;
  const Multiplier wrong(products);
  const ErrorStats stats = error_stats(wrong);
  EXPECT_FALSE(wrong.is_exact());
  EXPECT_NE(wrong.identity(), exact.identity());
  EXPECT_EQ(stats.mean_lsb, -7 / 65536.0);
  EXPECT_EQ(stats.worst_case_lsb, 7);
  EXPECT_EQ(stats.probability, 1 / 65536.0);
  EXPECT_DOUBLE_EQ(stats.mean_relative, 7.0 / 15.0 / (255.0 * 255.0));
}

TEST(Multiplier, RowHoldsTheProductsOfOneActivation) {
  const Multiplier exact = Multiplier::exact();
  for (int b = -128; b <= 127; ++b) {
    EXPECT_EQ(exact.row(-7)[static_cast<std::uint8_t>(b)], -7 * b);
  }
}

TEST(Multiplier, RejectsAWrongSizeAndNamesBothSizes) {
  try {
    const Multiplier too_small(std::vector<std::int16_t>(2));
    FAIL() << "accepted a table of 2 entries";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "product table has 2 entries, expected 65536");
  }
}

}  // namespace
}  // namespace deepaxe::arith
