#include "deepaxe/arith/byte_factorization.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {
namespace {

std::int32_t product(const ByteFactorization& factorization, std::size_t a, std::size_t b) {
  std::int32_t sum = 0;
  for (const ByteFactorization::Term& term : factorization.terms) {
    sum += (term.f[a] + term.f_offset) * term.g[b];
  }
  return sum;
}

std::int32_t product(const Factorization& factorization, std::size_t a, std::size_t b) {
  std::int32_t sum = 0;
  for (const Factorization::Term& term : factorization.terms) sum += term.f[a] * term.g[b];
  return sum;
}

void expect_same_products(const ByteFactorization& bytes, const Factorization& words,
                          const std::string& name) {
  for (std::size_t a = 0; a < 256; ++a) {
    for (std::size_t b = 0; b < 256; ++b) {
      ASSERT_EQ(product(bytes, a, b), product(words, a, b)) << name << " " << a << " " << b;
    }
  }
}

TEST(ByteFactorization, TheLibraryNeedsNoMoreTermsInBytes) {
  for (const LibraryEntry& entry : library()) {
    const Factorization words = factorize(find_multiplier(entry.name)->multiplier, 5);
    const ByteFactorization bytes = to_bytes(words, 5);
    EXPECT_EQ(bytes.terms.size(), words.terms.size()) << entry.name;
    expect_same_products(bytes, words, std::string(entry.name));
  }
}

Factorization one_term(std::int16_t f_scale, std::int16_t g_scale) {
  Factorization::Term term{};
  for (std::size_t i = 0; i < 256; ++i) {
    term.f[i] = static_cast<std::int16_t>(f_scale * static_cast<int>(i % 3));
    term.g[i] = static_cast<std::int16_t>(g_scale * (static_cast<int>(i % 5) - 2));
  }
  return {.terms = {term}};
}

TEST(ByteFactorization, ACommonFactorMovesToTheSideThatHasRoom) {
  for (const auto& words : {one_term(64, 3), one_term(3, 64), one_term(1, 300), one_term(300, 1)}) {
    const ByteFactorization bytes = to_bytes(words, 1);
    ASSERT_EQ(bytes.terms.size(), 1U);
    expect_same_products(bytes, words, "one term");
  }
}

TEST(ByteFactorization, AWideSecondFactorIsCutIntoSummands) {
  Factorization words = one_term(127, 1);
  for (std::size_t i = 0; i < 256; ++i) {
    words.terms[0].g[i] = static_cast<std::int16_t>(static_cast<int>(i) - 300);
  }
  const ByteFactorization bytes = to_bytes(words, 3);
  EXPECT_EQ(bytes.terms.size(), 3U);
  expect_same_products(bytes, words, "summands");
  EXPECT_TRUE(to_bytes(words, 2).terms.empty());
}

TEST(ByteFactorization, AWideFirstFactorIsCutToo) {
  Factorization words = one_term(1, 127);
  for (std::size_t i = 0; i < 256; ++i) {
    words.terms[0].f[i] = static_cast<std::int16_t>(2 * static_cast<int>(i) - 200);
  }
  const ByteFactorization bytes = to_bytes(words, 9);
  ASSERT_FALSE(bytes.terms.empty());
  expect_same_products(bytes, words, "summands");
}

std::uint8_t times(BitMatrix matrix, unsigned code) {
  unsigned result = 0;
  for (unsigned out = 0; out < 8; ++out) {
    const auto row = static_cast<unsigned>(matrix >> (8 * (7 - out)) & 0xFF);
    result |= static_cast<unsigned>(std::popcount(row & code) % 2) << out;
  }
  return static_cast<std::uint8_t>(result);
}

TEST(BitMatrix, GivesTheFunctionBack) {
  int num_found = 0;
  for (const LibraryEntry& entry : library()) {
    const ByteFactorization bytes =
        to_bytes(factorize(find_multiplier(entry.name)->multiplier, 5), 5);
    for (const ByteFactorization::Term& term : bytes.terms) {
      if (!term.f_bits) continue;
      ++num_found;
      for (unsigned code = 0; code < 256; ++code) {
        ASSERT_EQ(times(*term.f_bits, code) ^ term.f[0], term.f[code]) << entry.name;
      }
    }
  }
  EXPECT_GE(num_found, static_cast<int>(library().size()));
}

TEST(BitMatrix, AFunctionWithACarryHasNone) {
  std::array<std::uint8_t, 256> f{};
  for (unsigned code = 0; code < 256; ++code) f[code] = static_cast<std::uint8_t>(code + 1);
  EXPECT_FALSE(find_bit_matrix(f).has_value());
}

TEST(ByteFactorization, OfNoneIsNone) { EXPECT_TRUE(to_bytes({}, 9).terms.empty()); }

}  // namespace
}  // namespace deepaxe::arith
