// RowLattice: a short integer basis of the rows of a table, so that few small factors make it up.
// Method: Lenstra, Lenstra, Lovasz, "Factoring polynomials with rational coefficients", Math. Ann.
// 261 (1982); dependent rows as in Pohst, J. Symb. Comput. 4 (1987).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace deepaxe::arith {

/// table[a][b] = sum over j of coordinates[a][j] * basis[j][b], all integers.
struct RowLattice {
  using Row = std::array<std::int64_t, 256>;

  std::vector<Row> basis;                              ///< [rank]
  std::vector<std::vector<std::int64_t>> coordinates;  ///< [256][rank]
};

/// A reduced basis of the lattice that the rows of `table` [256, 256] span. None if its rank is
/// more than `max_rank`, or if rounding in the reduction went wrong: what is returned was checked.
std::optional<RowLattice> reduce_rows(std::span<const std::int32_t> table, std::size_t max_rank);

}  // namespace deepaxe::arith
