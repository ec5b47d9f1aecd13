#include "deepaxe/arith/factorization.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "deepaxe/arith/row_lattice.h"

namespace deepaxe::arith {
namespace {

using Values = std::array<std::int32_t, 256>;
using Table = std::vector<std::int64_t>;  // [256 * 256], by bit patterns of a and b.

std::int32_t signed_of(std::size_t pattern) { return static_cast<std::int8_t>(pattern); }

// Low bits cleared in two's complement, which rounds down.
std::int32_t without_low_bits(std::int32_t value, int bits) { return value & ~((1 << bits) - 1); }

std::int32_t saturated(std::int64_t value) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, Limits::min(), Limits::max()));
}

bool is_zero(const Table& table) {
  return std::all_of(table.begin(), table.end(), [](std::int64_t v) { return v == 0; });
}

bool fits_int16(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](std::int32_t v) {
    return v >= std::numeric_limits<std::int16_t>::min() &&
           v <= std::numeric_limits<std::int16_t>::max();
  });
}

bool divides_all(std::int32_t divisor, const Values& values) {
  return std::all_of(values.begin(), values.end(),
                     [&](std::int32_t v) { return v % divisor == 0; });
}

Values column_of(const Table& table, std::size_t b) {
  Values column{};
  for (std::size_t a = 0; a < 256; ++a) column[a] = saturated(table[a << 8 | b]);
  return column;
}

Values row_of(const Table& table, std::size_t a) {
  Values row{};
  for (std::size_t b = 0; b < 256; ++b) row[b] = saturated(table[a << 8 | b]);
  return row;
}

void divide(Values& values, std::int32_t divisor) {
  for (std::int32_t& value : values) value /= divisor;
}

Factorization::Term to_term(const Values& f, const Values& g) {
  Factorization::Term term{};
  for (std::size_t i = 0; i < 256; ++i) {
    term.f[i] = static_cast<std::int16_t>(f[i]);
    term.g[i] = static_cast<std::int16_t>(g[i]);
  }
  return term;
}

void subtract(Table& table, const Factorization::Term& term) {
  for (std::size_t a = 0; a < 256; ++a) {
    for (std::size_t b = 0; b < 256; ++b) {
      table[a << 8 | b] -= std::int64_t{term.f[a]} * term.g[b];
    }
  }
}

// The cross through an entry, if that divides its column or its row. What is left after it has a
// rank lower by one.
std::optional<Factorization::Term> cross_through(const Table& table, std::size_t index) {
  Values f = column_of(table, index & 255);
  Values g = row_of(table, index >> 8);
  const std::int32_t common = saturated(table[index]);
  if (divides_all(common, f)) {
    divide(f, common);
  } else if (divides_all(common, g)) {
    divide(g, common);
  } else {
    return std::nullopt;
  }
  if (!fits_int16(f) || !fits_int16(g)) return std::nullopt;
  return to_term(f, g);
}

// Small entries divide most often, so they are tried first, a bounded number of them.
std::optional<Factorization::Term> find_cross(const Table& table) {
  constexpr std::size_t kMaxTries = 64;
  std::vector<std::size_t> entries;
  entries.reserve(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] != 0) entries.push_back(i);
  }
  const std::size_t tries = std::min(kMaxTries, entries.size());
  std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(tries),
                    entries.end(), [&](std::size_t x, std::size_t y) {
                      const std::int64_t size_x = std::abs(table[x]);
                      const std::int64_t size_y = std::abs(table[y]);
                      return size_x != size_y ? size_x < size_y : x < y;
                    });
  for (std::size_t i = 0; i < tries; ++i) {
    if (auto term = cross_through(table, entries[i])) return term;
  }
  return std::nullopt;
}

Factorization factorize_behind(const Multiplier& multiplier, int cleared_bits, int max_terms) {
  Values f{};
  Values g{};
  for (std::size_t i = 0; i < 256; ++i) {
    f[i] = without_low_bits(signed_of(i), cleared_bits);
    g[i] = signed_of(i);
  }
  Factorization result{.terms = {to_term(f, g)}};
  Table rest(multiplier.products().begin(), multiplier.products().end());
  subtract(rest, result.terms.front());
  while (!is_zero(rest)) {
    if (static_cast<int>(result.terms.size()) >= max_terms) return {};
    const auto term = find_cross(rest);
    if (!term) return {};
    subtract(rest, *term);
    result.terms.push_back(*term);
  }
  return result;
}

// The rows of the table as sums of as few as its rank; `transposed`: the columns. Empty if a factor
// needs more than 16 bits.
Factorization factorize_by_lattice(const Multiplier& multiplier, int max_terms, bool transposed) {
  std::vector<std::int32_t> table(multiplier.products().begin(), multiplier.products().end());
  if (transposed) {
    for (std::size_t a = 0; a < 256; ++a) {
      for (std::size_t b = 0; b < a; ++b) std::swap(table[a << 8 | b], table[b << 8 | a]);
    }
  }
  const auto lattice = reduce_rows(table, static_cast<std::size_t>(max_terms));
  if (!lattice) return {};
  Factorization result;
  for (std::size_t j = 0; j < lattice->basis.size(); ++j) {
    Values f{};
    Values g{};
    for (std::size_t i = 0; i < 256; ++i) {
      f[i] = saturated(lattice->coordinates[i][j]);
      g[i] = saturated(lattice->basis[j][i]);
    }
    if (!fits_int16(f) || !fits_int16(g)) return {};
    result.terms.push_back(transposed ? to_term(g, f) : to_term(f, g));
  }
  return result;
}

}  // namespace

Factorization factorize(const Multiplier& multiplier, int max_terms) {
  Factorization best;
  for (int cleared_bits = 0; cleared_bits < 8 && max_terms >= 1; ++cleared_bits) {
    Factorization found = factorize_behind(multiplier, cleared_bits, max_terms);
    if (found.terms.empty()) continue;
    max_terms = static_cast<int>(found.terms.size()) - 1;
    best = std::move(found);
  }
  for (const bool transposed : {false, true}) {
    if (max_terms < 1) break;
    Factorization found = factorize_by_lattice(multiplier, max_terms, transposed);
    if (found.terms.empty()) continue;
    max_terms = static_cast<int>(found.terms.size()) - 1;
    best = std::move(found);
  }
  return best;
}

}  // namespace deepaxe::arith
