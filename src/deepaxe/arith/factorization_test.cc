#include "deepaxe/arith/factorization.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::arith {
namespace {

void expect_equal(const Factorization& factorization, const Multiplier& multiplier) {
  for (std::size_t i = 0; i < Multiplier::kNumProducts; ++i) {
    std::int32_t sum = 0;
    for (const Factorization::Term& term : factorization.terms) {
      sum += std::int32_t{term.f[i >> 8]} * term.g[i & 255];
    }
    ASSERT_EQ(sum, multiplier.products()[i]) << "pair " << i;
  }
}

TEST(Factorize, TheExactMultiplierIsOneTerm) {
  const auto found = factorize(Multiplier::exact(), 3);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found.value().terms.size(), 1U);
  expect_equal(found.value(), Multiplier::exact());
}

TEST(Factorize, EveryLibraryCircuitIsAShortSumOfProducts) {
  for (const LibraryEntry& entry : library()) {
    SCOPED_TRACE(entry.name);
    const MultiplierPtr named = find_multiplier(entry.name);
    const auto found = factorize(named->multiplier, 5);
    ASSERT_TRUE(found.has_value());
    expect_equal(found.value(), named->multiplier);
    RecordProperty(std::string(entry.name), static_cast<int>(found.value().terms.size()));
  }
}

// Rank 256: no sum of a few products gives it.
TEST(Factorize, ATableOfRandomProductsHasNone) {
  const base::CounterRng rng(1);
  std::vector<std::int16_t> products(Multiplier::kNumProducts);
  for (std::size_t i = 0; i < products.size(); ++i) {
    products[i] = static_cast<std::int16_t>(static_cast<int>(rng.below(65536, i)) - 32768);
  }
  EXPECT_FALSE(factorize(Multiplier(products), 6).has_value());
}

TEST(Factorize, NeverTakesMoreTermsThanAllowed) {
  const MultiplierPtr named = find_multiplier("1KV9");
  const auto best = factorize(named->multiplier, 8);
  ASSERT_TRUE(best.has_value());
  const int needed = static_cast<int>(best.value().terms.size());
  EXPECT_GT(needed, 1);
  EXPECT_FALSE(factorize(named->multiplier, needed - 1).has_value());
}

}  // namespace
}  // namespace deepaxe::arith
