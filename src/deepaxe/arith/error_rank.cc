#include "deepaxe/arith/error_rank.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace deepaxe::arith {
namespace {

using Row = std::vector<std::int64_t>;
using Matrix = std::vector<Row>;

constexpr std::int64_t kFirstPrime = 2'147'483'647;  // 2^31 - 1; the others are below it.

bool is_zero(const Row& row) {
  return std::all_of(row.begin(), row.end(), [](std::int64_t value) { return value == 0; });
}

// The row divided by its first non-zero value's sign: rows that differ in sign alone become equal.
Row with_positive_lead(Row row) {
  const auto lead = std::find_if(row.begin(), row.end(), [](std::int64_t v) { return v != 0; });
  if (lead != row.end() && *lead < 0) {
    for (std::int64_t& value : row) value = -value;
  }
  return row;
}

// Same rank: without rows of zeros and rows that repeat another one but for the sign.
Matrix distinct_rows(const Matrix& matrix) {
  Matrix rows;
  for (const Row& row : matrix) {
    if (!is_zero(row)) rows.push_back(with_positive_lead(row));
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Matrix transposed(const Matrix& matrix) {
  if (matrix.empty()) return {};
  Matrix result(matrix.front().size(), Row(matrix.size()));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) result[j][i] = matrix[i][j];
  }
  return result;
}

// An upper bound on log2 of a minor of `size` rows: the product of their Euclidean lengths.
double hadamard_bits(const Matrix& matrix, std::size_t size) {
  std::vector<double> bits;
  for (const Row& row : matrix) {
    double square = 0;
    for (const std::int64_t value : row) {
      square += static_cast<double>(value) * static_cast<double>(value);
    }
    bits.push_back(0.5 * std::log2(square) + 1e-9);  // More than the rounding errors.
  }
  std::sort(bits.begin(), bits.end(), std::greater<>());
  return std::accumulate(bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(size), 0.0);
}

bool is_prime(std::int64_t odd) {
  for (std::int64_t divisor = 3; divisor * divisor <= odd; divisor += 2) {
    if (odd % divisor == 0) return false;
  }
  return true;
}

std::int64_t inverse(std::int64_t value, std::int64_t prime) {
  std::int64_t result = 1;
  for (std::int64_t exponent = prime - 2; exponent > 0; exponent /= 2) {  // Fermat.
    if (exponent % 2 != 0) result = result * value % prime;
    value = value * value % prime;
  }
  return result;
}

// Gaussian elimination; all values stay in [0, prime), and below 2^62 in between.
std::size_t rank_modulo(Matrix matrix, std::int64_t prime) {
  for (Row& row : matrix) {
    for (std::int64_t& value : row) value = (value % prime + prime) % prime;
  }
  std::size_t rank = 0;
  for (std::size_t column = 0; column < matrix.front().size() && rank < matrix.size(); ++column) {
    std::size_t pivot = rank;
    while (pivot < matrix.size() && matrix[pivot][column] == 0) ++pivot;
    if (pivot == matrix.size()) continue;
    std::swap(matrix[pivot], matrix[rank]);
    const Row& top = matrix[rank];
    const std::int64_t scale = inverse(top[column], prime);
    for (std::size_t i = rank + 1; i < matrix.size(); ++i) {
      Row& row = matrix[i];
      if (row[column] == 0) continue;
      const std::int64_t factor = prime - row[column] * scale % prime;
      for (std::size_t j = column; j < row.size(); ++j) row[j] = (row[j] + factor * top[j]) % prime;
    }
    ++rank;
  }
  return rank;
}

std::size_t exact_rank(const Matrix& matrix) {
  if (matrix.empty()) return 0;
  const Matrix columns = transposed(matrix);
  const std::size_t full = std::min(matrix.size(), columns.size());
  std::size_t rank = 0;
  double product_bits = 0;
  for (std::int64_t prime = kFirstPrime;; prime -= 2) {
    if (!is_prime(prime)) continue;
    rank = std::max(rank, rank_modulo(matrix, prime));
    product_bits += std::log2(static_cast<double>(prime)) - 1e-9;
    if (rank == full) return rank;
    const double minor_bits =
        std::min(hadamard_bits(matrix, rank + 1), hadamard_bits(columns, rank + 1));
    if (product_bits > minor_bits) return rank;
  }
}

}  // namespace

int rational_rank(std::span<const std::int32_t> values, std::size_t num_columns) {
  Matrix matrix;
  for (std::size_t first = 0; first < values.size(); first += num_columns) {
    const auto row = values.subspan(first, num_columns);
    matrix.emplace_back(row.begin(), row.end());
  }
  return static_cast<int>(exact_rank(distinct_rows(transposed(distinct_rows(matrix)))));
}

int error_rank(const Multiplier& multiplier) {
  std::vector<std::int32_t> errors;
  errors.reserve(Multiplier::kNumProducts);
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      errors.push_back(multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)) -
                       a * b);
    }
  }
  return rational_rank(errors, 256);
}

}  // namespace deepaxe::arith
