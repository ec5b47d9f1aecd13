#include "deepaxe/fault/product_terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/fault/test_network.h"
#include "deepaxe/fault/weight_planes.h"

namespace deepaxe::fault {
namespace {

void expect_all_steps(const arith::Multiplier& multiplier, const ProductTerms& terms) {
  for (int a = -128; a < 128; ++a) {
    for (std::size_t t = 0; t < terms.size(); ++t) {
      EXPECT_LE(std::abs(terms.weights(static_cast<std::int8_t>(a))[t]), 255);
    }
  }
  for (int w = -128; w < 128; ++w) {
    for (int before = -128; before < 128; before += 3) {
      for (int after = -128; after < 128; after += 5) {
        const auto a = static_cast<std::int8_t>(before), b = static_cast<std::int8_t>(after);
        const auto weight = static_cast<std::int8_t>(w);
        int sum = 0;
        for (std::size_t t = 0; t < terms.size(); ++t) {
          ASSERT_LE(std::abs(terms.step(t, a, b)), 255);
          sum += terms.step(t, a, b) * terms.factor(t, weight);
        }
        ASSERT_EQ(sum, multiplier(b, weight) - multiplier(a, weight));
      }
    }
  }
}

// Of every weight.
std::vector<std::int16_t> factors_of(const ProductTerms& terms) {
  std::vector<std::int16_t> planes;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    for (int w = -128; w < 128; ++w) {
      planes.push_back(terms.factor(t, static_cast<std::int8_t>(w)));
    }
  }
  return planes;
}

TEST(ProductTerms, OfEveryLibraryCircuitGiveItsProductsBack) {
  for (const arith::LibraryEntry& entry : arith::library()) {
    const arith::Multiplier& multiplier = arith::find_multiplier(entry.name)->multiplier;
    const auto terms = ProductTerms::of(multiplier);
    if (!terms) FAIL() << entry.name;
    EXPECT_LE(terms->size(), 8U);
    expect_all_steps(multiplier, *terms);
  }
}

// Rows of 8 w and of 16 w are one of w, taken 8 and 16 times; that of -128 w, which bam(0,7) has
// alone, is one of w, too.
TEST(ProductTerms, OfLibraryCircuitsAndBrokenArraysFitBytes) {
  std::vector<std::string> names = {"bam(0,7)", "bam(1,7)", "bam(0,14)", "bam(7,9)"};
  for (const arith::LibraryEntry& entry : arith::library()) names.emplace_back(entry.name);
  for (const std::string& name : names) {
    const arith::Multiplier& multiplier = arith::find_multiplier(name)->multiplier;
    const auto terms = ProductTerms::of(multiplier);
    if (!terms) FAIL() << name;
    expect_all_steps(multiplier, *terms);
    EXPECT_FALSE(bytes_of(factors_of(*terms)).empty()) << name;
  }
}

TEST(ProductTerms, OfTheExactMultiplierAreOne) {
  const auto terms = ProductTerms::of(arith::Multiplier::exact());
  if (!terms) FAIL();
  EXPECT_EQ(terms->size(), 1U);
  EXPECT_TRUE(terms->is_plain());
  EXPECT_EQ(terms->mean_changes(), 1);  // Every move changes the one term.
}

// Of the weight -128 these make 128, which a signed byte does not hold.
TEST(ProductTerms, ThatArePlainNeedNotFitAByte) {
  for (const char* name : {"rad(6)", "rad(8)", "roup(1,0)", "roup(2,0)"}) {
    const arith::Multiplier& multiplier = arith::find_multiplier(name)->multiplier;
    const auto terms = ProductTerms::of(multiplier);
    if (!terms) FAIL() << name;
    EXPECT_TRUE(terms->is_plain()) << name;
    expect_all_steps(multiplier, *terms);
    const std::vector<std::int16_t> planes = factors_of(*terms);
    EXPECT_EQ(*std::ranges::max_element(planes), 128) << name;
    EXPECT_TRUE(bytes_of(planes).empty()) << name;
  }
}

TEST(ProductTerms, OfACircuitThatDropsLowBitsMoveSeldom) {
  const auto terms = ProductTerms::of(arith::find_multiplier("1KVP")->multiplier);
  if (!terms) FAIL();
  EXPECT_FALSE(terms->is_plain());
  EXPECT_GT(terms->mean_changes(), 0);
  EXPECT_LT(terms->mean_changes(), static_cast<double>(terms->size()));
}

TEST(ProductTerms, DoNotExistForATableWithoutStructure) {
  EXPECT_FALSE(ProductTerms::of(testing::noisy_multiplier(1)).has_value());
}

}  // namespace
}  // namespace deepaxe::fault
