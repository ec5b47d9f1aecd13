#include "deepaxe/fault/product_terms.h"

#include <algorithm>

namespace deepaxe::fault {
namespace {

constexpr int kBits = 8;
using Row = std::array<std::int32_t, 256>;  // By the bit pattern of w.

std::int8_t code(std::size_t bits) { return static_cast<std::int8_t>(bits); }

// What bit `bit` of `a` adds to the product: m(2^bit, w) - m(0, w).
Row row_of_bit(const arith::Multiplier& multiplier, int bit) {
  Row row;
  for (std::size_t w = 0; w < 256; ++w) {
    row[w] = multiplier(code(std::size_t{1} << bit), code(w)) - multiplier(0, code(w));
  }
  return row;
}

bool is_sum_of_rows(const arith::Multiplier& multiplier, const std::array<Row, kBits>& rows) {
  for (std::size_t w = 0; w < 256; ++w) {
    for (std::size_t a = 0; a < 256; ++a) {
      std::int32_t sum = multiplier(0, code(w));
      for (std::size_t bit = 0; bit < kBits; ++bit) sum += (a >> bit & 1) != 0 ? rows[bit][w] : 0;
      if (sum != multiplier(code(a), code(w))) return false;
    }
  }
  return true;
}

// True if `row` is `factor` times the term's.
template <typename Factors>
bool is_multiple(const Row& row, std::int32_t factor, const Factors& factors) {
  for (std::size_t w = 0; w < 256; ++w) {
    if (row[w] != factor * factors[w]) return false;
  }
  return true;
}

// The largest power of two, not beyond `most`, that divides all values.
template <typename Factors>
int common_power(const Factors& factors, int most) {
  int power = 0;
  const auto divides = [&](std::int16_t value) { return value % (2 << power) == 0; };
  while (power < most && std::all_of(factors.begin(), factors.end(), divides)) ++power;
  return power;
}

bool fits_16_bits(const Row& row) {
  return std::all_of(row.begin(), row.end(),
                     [](std::int32_t value) { return value >= INT16_MIN && value <= INT16_MAX; });
}

}  // namespace

std::optional<ProductTerms> ProductTerms::of(const arith::Multiplier& multiplier) {
  std::array<Row, kBits> rows;
  for (int bit = 0; bit < kBits; ++bit) {
    rows[static_cast<std::size_t>(bit)] = row_of_bit(multiplier, bit);
  }
  if (!is_sum_of_rows(multiplier, rows)) return std::nullopt;
  ProductTerms result;
  result.weights_.resize(256 * kMostTerms);
  std::vector<int> low_bits;  // By term: the least bit of `a` whose row its factors are.
  for (int bit = 0; bit < kBits; ++bit) {
    const Row& row = rows[static_cast<std::size_t>(bit)];
    if (std::all_of(row.begin(), row.end(), [](std::int32_t value) { return value == 0; })) {
      continue;  // A dropped row: this bit of `a` has no effect.
    }
    std::size_t term = 0;
    std::int32_t weight = 0;
    for (; term < low_bits.size() && weight == 0; term += weight == 0) {
      for (const std::int32_t sign : {1, -1}) {  // The sign bit's row is subtracted.
        const std::int32_t factor = sign * (1 << (bit - low_bits[term]));
        if (is_multiple(row, factor, result.factors_[term])) weight = factor;
      }
    }
    if (weight == 0) {
      if (!fits_16_bits(row)) return std::nullopt;
      low_bits.push_back(bit);
      auto& factors = result.factors_.emplace_back();
      std::transform(row.begin(), row.end(), factors.begin(),
                     [](std::int32_t value) { return static_cast<std::int16_t>(value); });
      weight = 1;
    }
    for (std::size_t a = 0; a < 256; ++a) {
      std::int16_t& sum = result.weights_[a * kMostTerms + term];
      if ((a >> bit & 1) != 0) sum = static_cast<std::int16_t>(sum + weight);
    }
  }
  for (std::size_t term = 0; term < result.size(); ++term) result.scale(term, low_bits[term]);
  result.is_plain_ = result.size() == 1;
  for (std::size_t a = 0; a < 256 && result.is_plain_; ++a) {
    result.is_plain_ = result.weights(code(a))[0] == code(a);
  }
  return result;
}

// Takes from the factors what all of them have in common, up to the weight of the least bit, and
// their sign where 128 then would be the only value beyond a byte.
void ProductTerms::scale(std::size_t term, int least_bit) {
  std::array<std::int16_t, 256>& factors = factors_[term];
  std::int16_t common = static_cast<std::int16_t>(1 << common_power(factors, least_bit));
  const auto [low, high] = std::minmax_element(factors.begin(), factors.end());
  if (*high == 128 * common && *low > -128 * common) common = static_cast<std::int16_t>(-common);
  for (std::int16_t& factor : factors) factor = static_cast<std::int16_t>(factor / common);
  for (std::size_t a = 0; a < 256; ++a) {
    std::int16_t& weight = weights_[a * kMostTerms + term];
    weight = static_cast<std::int16_t>(weight * common);
  }
}

double ProductTerms::mean_changes() const {
  constexpr int kLargestMove = 4;
  int num_moves = 0, num_changes = 0;
  for (int move = 1; move <= kLargestMove; ++move) {
    for (int before = -128; before + move <= 127; ++before, ++num_moves) {
      for (std::size_t t = 0; t < size(); ++t) {
        num_changes +=
            step(t, static_cast<std::int8_t>(before), static_cast<std::int8_t>(before + move)) != 0;
      }
    }
  }
  return static_cast<double>(num_changes) / num_moves;
}

}  // namespace deepaxe::fault
