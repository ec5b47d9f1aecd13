#include "deepaxe/arith/row_lattice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::arith {
namespace {

using Table = std::vector<std::int32_t>;

// A sum of `rank` products of random factors in -bound..bound.
Table table_of_rank(std::size_t rank, int bound, std::uint64_t seed) {
  const base::CounterRng rng(seed);
  std::uint64_t index = 0;
  const auto draw = [&] {
    return static_cast<std::int32_t>(
               rng.below(static_cast<std::uint64_t>(2 * bound + 1), index++)) -
           bound;
  };
  Table table(256 * 256);
  for (std::size_t j = 0; j < rank; ++j) {
    std::vector<std::int32_t> f(256);
    std::vector<std::int32_t> g(256);
    for (std::size_t i = 0; i < 256; ++i) {
      f[i] = draw();
      g[i] = draw();
    }
    for (std::size_t i = 0; i < table.size(); ++i) table[i] += f[i >> 8] * g[i & 255];
  }
  return table;
}

void expect_makes_up(const RowLattice& lattice, const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < lattice.basis.size(); ++j) {
      sum += lattice.coordinates[i >> 8][j] * lattice.basis[j][i & 255];
    }
    ASSERT_EQ(sum, table[i]) << i;
  }
}

TEST(RowLattice, HasAsManyRowsAsTheRankAndMakesUpTheTable) {
  for (std::size_t rank = 0; rank <= 12; ++rank) {
    for (const int bound : {1, 7, 100}) {
      const Table table = table_of_rank(rank, bound, 10 * rank + static_cast<std::uint64_t>(bound));
      const auto lattice = reduce_rows(table, 12);
      ASSERT_TRUE(lattice.has_value());
      EXPECT_EQ(lattice->basis.size(), rank);
      expect_makes_up(*lattice, table);
    }
  }
}

// Random factors span the lattice of their g, nearly surely; a reduced basis is not longer than g.
TEST(RowLattice, TheBasisIsShort) {
  const Table table = table_of_rank(4, 3, 5);
  const auto lattice = reduce_rows(table, 4);
  ASSERT_TRUE(lattice.has_value());
  for (const RowLattice::Row& row : lattice->basis) {
    double length = 0;
    for (const std::int64_t value : row) length += static_cast<double>(value * value);
    EXPECT_LE(std::sqrt(length), 3.0 * std::sqrt(256.0));
  }
}

TEST(RowLattice, AHigherRankThanAllowedGivesNone) {
  EXPECT_FALSE(reduce_rows(table_of_rank(5, 10, 1), 4).has_value());
  EXPECT_FALSE(reduce_rows(table_of_rank(200, 2, 1), 24).has_value());
}

}  // namespace
}  // namespace deepaxe::arith
