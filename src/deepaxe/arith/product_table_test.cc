#include "deepaxe/arith/product_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {
namespace {

ProductTable exact_table(Signedness signedness) {
  ProductTable table{.signedness = signedness, .products = {}};
  for (std::size_t i = 0; i < ProductTable::kNumProducts; ++i) {
    table.products.push_back(operand_value(i >> 8, signedness) *
                             operand_value(i & 255, signedness));
  }
  return table;
}

TEST(ProductTable, TheExactTablesHaveNoError) {
  for (const Signedness signedness : {Signedness::kSigned, Signedness::kUnsigned}) {
    const ErrorStats stats = error_stats(exact_table(signedness));
    EXPECT_EQ(stats.mean_absolute_lsb, 0);
    EXPECT_EQ(stats.mean_square_lsb2, 0);
    EXPECT_EQ(stats.probability, 0);
  }
}

// Closed form: the error of "always 0" is a*b, and the mean of 0..255 is 127.5.
TEST(ProductTable, AlwaysZeroOfUnsignedOperandsMatchesClosedForm) {
  const ProductTable zero{.signedness = Signedness::kUnsigned,
                          .products = std::vector<std::int32_t>(ProductTable::kNumProducts)};
  const ErrorStats stats = error_stats(zero);
  EXPECT_EQ(stats.mean_absolute_lsb, 127.5 * 127.5);
  EXPECT_EQ(stats.mean_lsb, -127.5 * 127.5);
  EXPECT_EQ(stats.mean_square_lsb2, 21717.5 * 21717.5);  // Mean of a^2: 255 * 511 / 6.
  EXPECT_EQ(stats.worst_case_lsb, 255 * 255);
  EXPECT_EQ(stats.probability, (255.0 / 256.0) * (255.0 / 256.0));
  EXPECT_EQ(stats.mean_relative, 1);
}

TEST(ProductTable, AgreesWithTheMultiplierOfTheSameProducts) {
  const Multiplier exact = Multiplier::exact();
  EXPECT_EQ(identity(exact_table(Signedness::kSigned)), exact.identity());
  EXPECT_EQ(to_table(exact).products, exact_table(Signedness::kSigned).products);
  EXPECT_NE(identity(exact_table(Signedness::kUnsigned)), exact.identity());
}

TEST(ProductTable, TheLargestErrorsDoNotOverflow) {
  ProductTable table = exact_table(Signedness::kSigned);
  table.products.assign(table.products.size(), std::numeric_limits<std::int32_t>::min());
  const ErrorStats stats = error_stats(table);
  EXPECT_EQ(stats.worst_case_lsb, std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(stats.mean_absolute_lsb, 0x1p31 + 0.25);  // The mean exact product is 1/4.
}

}  // namespace
}  // namespace deepaxe::arith
