#include "deepaxe/arith/error_rank.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/arith/factorization.h"
#include "deepaxe/arith/library.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::arith {
namespace {

// The sum of `rank` products of random vectors of small integers.
std::vector<std::int32_t> random_table(std::size_t size, std::size_t rank, std::uint64_t seed) {
  const base::CounterRng rng(seed);
  const auto entry = [&](std::size_t term, std::size_t i, int side) {
    return static_cast<std::int32_t>(rng.below(41, term * size + i, side)) - 20;
  };
  std::vector<std::int32_t> table(size * size);
  for (std::size_t term = 0; term < rank; ++term) {
    for (std::size_t i = 0; i < size * size; ++i) {
      table[i] += entry(term, i / size, 0) * entry(term, i % size, 1);
    }
  }
  return table;
}

TEST(RationalRank, IsTheNumberOfIndependentProductsThatATableIsMadeOf) {
  for (const std::size_t rank : {0U, 1U, 2U, 7U, 30U, 60U}) {
    EXPECT_EQ(rational_rank(random_table(60, rank, rank), 60), rank);
  }
}

TEST(RationalRank, DoesNotChangeWithRepeatedNegatedOrZeroRows) {
  std::vector<std::int32_t> table = random_table(8, 3, 1);
  for (int repeat = 0; repeat < 3; ++repeat) {
    for (std::size_t j = 0; j < 8; ++j) table.push_back(-table[8 + j]);
  }
  table.resize(table.size() + 8);
  EXPECT_EQ(rational_rank(table, 8), 3);
}

// The first prime tried is 2^31 - 1: modulo it alone these would have rank 0 and 1.
TEST(RationalRank, SurvivesATableThatVanishesModuloThePrime) {
  constexpr std::int32_t kPrime = 2'147'483'647;
  EXPECT_EQ(rational_rank(std::vector<std::int32_t>{kPrime}, 1), 1);
  EXPECT_EQ(rational_rank(std::vector<std::int32_t>{1, 1, 0, 1, 1, kPrime, 0, 0, 0}, 3), 2);
}

TEST(RationalRank, OfNothingIsZero) { EXPECT_EQ(rational_rank({}, 4), 0); }

TEST(ErrorRank, OfTheExactMultiplierIsZero) {
  EXPECT_EQ(error_rank(exact_multiplier()->multiplier), 0);
}

// Operands with cleared bits: a'b' - ab = (a' - a) b' + a (b' - b), two products; one for one
// operand.
TEST(ErrorRank, OfTruncatedOperandsIsTheirNumber) {
  EXPECT_EQ(error_rank(find_multiplier("trunc(3)")->multiplier), 2);
  EXPECT_EQ(error_rank(find_multiplier("bam(3,0)")->multiplier), 1);
}

// A column c of partial products is a sum of c + 1 products of single bits, and those are at most
// v different first bits times a function of the second operand.
TEST(ErrorRank, OfABrokenArrayIsTheNumberOfRowsItBreaks) {
  for (int v = 1; v <= 7; ++v) {
    const MultiplierPtr found = find_multiplier("bam(0," + std::to_string(v) + ")");
    EXPECT_EQ(error_rank(found->multiplier), v);
  }
}

// m = ab + error, so a sum of n products for m leaves at least n - 1 for the error, at most n + 1.
TEST(ErrorRank, AgreesWithTheFactorizationsOfTheLibrary) {
  for (const LibraryEntry& entry : library()) {
    const Multiplier& multiplier = find_multiplier(entry.name)->multiplier;
    const auto terms = static_cast<int>(factorize(multiplier, 5).terms.size());
    EXPECT_LE(error_rank(multiplier), terms + 1) << entry.name;
    EXPECT_LE(error_rank(multiplier), 4) << entry.name;
  }
}

}  // namespace
}  // namespace deepaxe::arith
