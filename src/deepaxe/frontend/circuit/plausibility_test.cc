#include "deepaxe/frontend/circuit/plausibility.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::frontend::circuit {
namespace {

using arith::ProductTable;
using arith::Signedness;

template <typename Product>
ProductTable table_of(Signedness signedness, Product product) {
  ProductTable table{.signedness = signedness, .products = {}};
  for (std::size_t i = 0; i < ProductTable::kNumProducts; ++i) {
    table.products.push_back(product(arith::operand_value(i >> 8, signedness),
                                     arith::operand_value(i & 255, signedness)));
  }
  return table;
}

std::string refusal_of(const ProductTable& table) {
  try {
    require_plausible(table, "t.npy");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Plausibility, EveryCircuitOfTheLibraryIsAMultiplier) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const ProductTable table = arith::to_table(arith::find_multiplier(entry.name)->multiplier);
    EXPECT_EQ(refusal_of(table), "accepted") << entry.name;
    EXPECT_EQ(nearer_reading(table), std::nullopt) << entry.name;
  }
}

TEST(Plausibility, ConstantsAreRefused) {
  EXPECT_EQ(
      refusal_of(table_of(Signedness::kSigned, [](int, int) { return 7; })),
      "t.npy: found fewer than 3 different products among 65536, expected a multiplier, not a "
      "constant");
  EXPECT_NE(refusal_of(table_of(Signedness::kSigned, [](int a, int) { return a & 1; })),
            "accepted");
}

TEST(Plausibility, ProductsOfNothingAreRefused) {
  const base::CounterRng rng(1);
  EXPECT_NE(refusal_of(table_of(Signedness::kUnsigned,
                                [&](int a, int b) {
                                  return static_cast<std::int32_t>(
                                      rng.below(65536, static_cast<std::uint64_t>(256 * a + b)));
                                }))
                .find("found products of correlation"),
            std::string::npos);
  EXPECT_NE(refusal_of(table_of(Signedness::kSigned, [](int a, int b) { return -a * b; }))
                .find("correlation -1.00"),
            std::string::npos);
  EXPECT_NE(refusal_of(table_of(Signedness::kSigned, [](int a, int b) { return a + b; })),
            "accepted");
}

// The exact signed products, read as unsigned ones at the same patterns.
TEST(Plausibility, AMistakenSignIsPointedOut) {
  ProductTable table = table_of(Signedness::kSigned, [](int a, int b) { return a * b; });
  table.signedness = Signedness::kUnsigned;
  EXPECT_NE(refusal_of(table).find("as --signed the mean absolute error would be 0"),
            std::string::npos);
}

TEST(Plausibility, AnotherOrderOfTheOperandsIsPointedOut) {
  ProductTable table = table_of(Signedness::kSigned, [](int a, int b) { return a * b; });
  ProductTable shifted = table;
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    shifted.products[i ^ 0x8080] = table.products[i];
  }
  EXPECT_NE(refusal_of(shifted).find("in the order of their bit patterns"), std::string::npos);
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
