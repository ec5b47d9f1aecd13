#include "deepaxe/arith/row_lattice.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deepaxe::arith {
namespace {

using Row = RowLattice::Row;
using Direction = std::array<double, 256>;

constexpr double kLovasz = 0.99;     // As short as floating point allows; 0.75 in the paper.
constexpr double kDependent = 1e-6;  // Squared length of what is left of a dependent row.
constexpr int kMaxSteps = 20'000;    // Far beyond what a table needs.

template <typename A, typename B>
double dot(const A& a, const B& b) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  }
  return sum;
}

bool is_zero(const Row& row) noexcept {
  return std::all_of(row.begin(), row.end(), [](std::int64_t v) { return v == 0; });
}

void subtract(Row& row, std::int64_t factor, const Row& other) noexcept {
  for (std::size_t i = 0; i < row.size(); ++i) row[i] -= factor * other[i];
}

// The basis with its Gram-Schmidt directions, which are worked out anew as far as a change reaches:
// there are few rows.
class Reduction {
 public:
  const std::vector<Row>& basis() const noexcept { return basis_; }

  // `row` as a combination of the basis; what is left of it is 0 if the row is in the lattice.
  std::vector<std::int64_t> reduce(Row& row) const {
    std::vector<std::int64_t> coordinates(basis_.size());
    for (std::size_t j = basis_.size(); j-- > 0;) coordinates[j] = reduce_along(row, j);
    return coordinates;
  }

  // False if floating point leads nowhere.
  bool insert(const Row& row) {
    basis_.push_back(row);
    orthogonalize(basis_.size() - 1);
    std::size_t k = basis_.size() - 1;
    for (int step = 0; k < basis_.size(); ++step) {
      if (step == kMaxSteps) return false;
      for (std::size_t j = k; j-- > 0;) reduce_along(basis_[k], j);
      if (is_zero(basis_[k])) {
        remove(k);
        k = k > 0 ? k - 1 : 0;
        continue;
      }
      orthogonalize(k);
      if (k > 0 && must_swap(k)) {
        std::swap(basis_[k - 1], basis_[k]);
        orthogonalize(k - 1);
        orthogonalize(k);
        --k;
      } else {
        ++k;
      }
    }
    return true;
  }

 private:
  std::int64_t reduce_along(Row& row, std::size_t j) const {
    if (lengths_[j] < kDependent) return 0;
    const auto factor = std::llround(dot(row, directions_[j]) / lengths_[j]);
    if (factor != 0) subtract(row, factor, basis_[j]);
    return factor;
  }

  bool must_swap(std::size_t k) const {
    const double before = lengths_[k - 1];
    if (before < kDependent) return lengths_[k] >= kDependent;
    const double mu = dot(basis_[k], directions_[k - 1]) / before;
    return lengths_[k] < (kLovasz - mu * mu) * before;
  }

  void remove(std::size_t k) {
    basis_.erase(basis_.begin() + static_cast<std::ptrdiff_t>(k));
    directions_.resize(basis_.size());
    lengths_.resize(basis_.size());
    for (std::size_t i = k; i < basis_.size(); ++i) orthogonalize(i);
  }

  void orthogonalize(std::size_t k) {
    directions_.resize(basis_.size());
    lengths_.resize(basis_.size());
    Direction& direction = directions_[k];
    std::copy(basis_[k].begin(), basis_[k].end(), direction.begin());
    for (std::size_t j = 0; j < k; ++j) {
      if (lengths_[j] < kDependent) continue;
      const double mu = dot(direction, directions_[j]) / lengths_[j];
      for (std::size_t i = 0; i < direction.size(); ++i) direction[i] -= mu * directions_[j][i];
    }
    lengths_[k] = dot(direction, direction);
  }

  std::vector<Row> basis_;
  std::vector<Direction> directions_;
  std::vector<double> lengths_;  // Squared.
};

Row row_of(std::span<const std::int32_t> table, std::size_t a) {
  Row row;
  std::copy_n(table.begin() + static_cast<std::ptrdiff_t>(a << 8), row.size(), row.begin());
  return row;
}

}  // namespace

std::optional<RowLattice> reduce_rows(std::span<const std::int32_t> table, std::size_t max_rank) {
  Reduction reduction;
  for (std::size_t a = 0; a < 256; ++a) {
    Row rest = row_of(table, a);
    reduction.reduce(rest);
    if (is_zero(rest)) continue;
    if (!reduction.insert(rest) || reduction.basis().size() > max_rank) return std::nullopt;
  }
  RowLattice lattice{.basis = reduction.basis(), .coordinates = {}};
  for (std::size_t a = 0; a < 256; ++a) {
    Row rest = row_of(table, a);
    lattice.coordinates.push_back(reduction.reduce(rest));
    if (!is_zero(rest)) return std::nullopt;
  }
  return lattice;
}

}  // namespace deepaxe::arith
