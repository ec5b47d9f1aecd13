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
  const Factorization found = factorize(Multiplier::exact(), 3);
  EXPECT_EQ(found.terms.size(), 1U);
  expect_equal(found, Multiplier::exact());
}

TEST(Factorize, EveryLibraryCircuitIsAShortSumOfProducts) {
  for (const LibraryEntry& entry : library()) {
    SCOPED_TRACE(entry.name);
    const MultiplierPtr named = find_multiplier(entry.name);
    const Factorization found = factorize(named->multiplier, 5);
    expect_equal(found, named->multiplier);
    RecordProperty(std::string(entry.name), static_cast<int>(found.terms.size()));
  }
}

// Rank 256: no sum of a few products gives it.
TEST(Factorize, ATableOfRandomProductsHasNone) {
  const base::CounterRng rng(1);
  std::vector<std::int16_t> products(Multiplier::kNumProducts);
  for (std::size_t i = 0; i < products.size(); ++i) {
    products[i] = static_cast<std::int16_t>(static_cast<int>(rng.below(65536, i)) - 32768);
  }
  EXPECT_TRUE(factorize(Multiplier(products), 6).terms.empty());
}

// Whatever the factors, no more terms than the rank: crosses alone would need an entry that
// divides.
TEST(Factorize, ASumOfAnyThreeProductsIsFound) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const base::CounterRng rng(seed);
    std::vector<std::int16_t> products(Multiplier::kNumProducts);
    for (std::uint64_t term = 0; term < 3; ++term) {
      for (std::size_t i = 0; i < products.size(); ++i) {
        const auto f = static_cast<int>(rng.below(91, term << 16 | i >> 8)) - 45;
        const auto g = static_cast<int>(rng.below(121, term << 16 | 1 << 12 | (i & 255))) - 60;
        products[i] = static_cast<std::int16_t>(products[i] + f * g);
      }
    }
    const Multiplier multiplier(products);
    const Factorization found = factorize(multiplier, 3);
    ASSERT_EQ(found.terms.size(), 3U) << "seed " << seed;
    expect_equal(found, multiplier);
  }
}

TEST(Factorize, NeverTakesMoreTermsThanAllowed) {
  const MultiplierPtr named = find_multiplier("1KV9");
  const Factorization best = factorize(named->multiplier, 8);
  const int needed = static_cast<int>(best.terms.size());
  EXPECT_GT(needed, 1);
  EXPECT_TRUE(factorize(named->multiplier, needed - 1).terms.empty());
}

}  // namespace
}  // namespace deepaxe::arith
