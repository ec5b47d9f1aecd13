#include "deepaxe/arith/byte_factorization.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace deepaxe::arith {
namespace {

using Values = std::array<std::int32_t, 256>;

struct Range {
  std::int32_t low, high;
};

Range range_of(const Values& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

Values widened(const std::array<std::int16_t, 256>& values) {
  Values wide{};
  std::copy(values.begin(), values.end(), wide.begin());
  return wide;
}

std::int32_t take_out_common_factor(Values& values) {
  std::int32_t common = 0;
  for (const std::int32_t value : values) common = std::gcd(common, value);
  if (common == 0) return 1;
  for (std::int32_t& value : values) value /= common;
  return common;
}

void scale(Values& values, std::int32_t factor) {
  for (std::int32_t& value : values) value *= factor;
}

bool fits_f(const Range& f) { return f.high - f.low <= 255; }
bool fits_g(const Range& g) { return g.low >= -128 && g.high <= 127; }

// How much of `common` goes to f: what makes both sides fit, with the sign of both changed if that
// is what it takes; else as much as f has room for.
std::int32_t share_of_f(std::int32_t common, const Range& f, const Range& g) {
  std::int32_t most = 1;
  for (std::int32_t share = common; share >= 1; --share) {
    if (common % share != 0 || !fits_f({f.low * share, f.high * share})) continue;
    const std::int32_t rest = common / share;
    if (fits_g({g.low * rest, g.high * rest})) return share;
    if (fits_g({-g.high * rest, -g.low * rest})) return -share;
    most = std::max(most, share);
  }
  return most;
}

ByteFactorization::Term to_term(const Values& f, const Values& g) {
  ByteFactorization::Term term{
      .f = {}, .f_bits = std::nullopt, .f_offset = range_of(f).low, .g = {}};
  for (std::size_t i = 0; i < 256; ++i) {
    term.f[i] = static_cast<std::uint8_t>(f[i] - term.f_offset);
    term.g[i] = static_cast<std::int8_t>(g[i]);
  }
  term.f_bits = find_bit_matrix(term.f);
  return term;
}

// Values as a sum of values that span `low`..`high` each: as many as that takes.
std::vector<Values> summands(Values values, std::int32_t low, std::int32_t high) {
  std::vector<Values> parts;
  while (std::any_of(values.begin(), values.end(), [](std::int32_t v) { return v != 0; })) {
    Values& part = parts.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) {
      part[i] = std::clamp(values[i], low, high);
      values[i] -= part[i];
    }
  }
  return parts;
}

// One summand where the whole range fits, whatever its ends.
std::vector<Values> summands_of_f(const Values& f) {
  return fits_f(range_of(f)) ? std::vector<Values>{f} : summands(f, -128, 127);
}

// How many summands values of such a range take, at most.
std::int32_t num_summands(const Range& range) {
  return std::max(range.high / 127 + (range.high % 127 != 0),
                  -(range.low / 128) + (range.low % 128 != 0));
}

// False if there would be more than `max_terms`.
bool append(const Factorization::Term& term, int max_terms,
            std::vector<ByteFactorization::Term>& terms) {
  Values f = widened(term.f);
  Values g = widened(term.g);
  const std::int32_t common = take_out_common_factor(f) * take_out_common_factor(g);
  const std::int32_t share = share_of_f(common, range_of(f), range_of(g));
  scale(f, share);
  scale(g, common / share);
  const std::int32_t num_f = fits_f(range_of(f)) ? 1 : num_summands(range_of(f));
  const std::int64_t added = std::int64_t{num_f} * num_summands(range_of(g));
  if (static_cast<std::int64_t>(terms.size()) + added > max_terms) return false;
  for (const Values& g_part : summands(g, -128, 127)) {
    for (const Values& f_part : summands_of_f(f)) terms.push_back(to_term(f_part, g_part));
  }
  return true;
}

}  // namespace

std::optional<BitMatrix> find_bit_matrix(const std::array<std::uint8_t, 256>& f) {
  const auto change = [&](unsigned bit) { return f[std::size_t{1} << bit] ^ unsigned { f[0] }; };
  for (unsigned code = 0; code < f.size(); ++code) {
    unsigned sum = f[0];
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((code >> bit & 1) != 0) sum ^= change(bit);
    }
    if (sum != f[code]) return std::nullopt;
  }
  BitMatrix matrix = 0;
  for (unsigned out = 0; out < 8; ++out) {
    for (unsigned in = 0; in < 8; ++in) {
      matrix |= BitMatrix{change(in) >> out & 1} << (8 * (7 - out) + in);
    }
  }
  return matrix;
}

ByteFactorization to_bytes(const Factorization& factorization, int max_terms) {
  ByteFactorization result;
  for (const Factorization::Term& term : factorization.terms) {
    if (!append(term, max_terms, result.terms)) return {};
  }
  return result;
}

}  // namespace deepaxe::arith
