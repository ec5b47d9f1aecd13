#include "deepaxe/arith/weighted_error.h"

#include <cstdlib>

namespace deepaxe::arith {
namespace {

// A weighted sum of the errors of pairs.
struct Sums {
  double weight = 0, absolute = 0, error = 0, square = 0, wrong = 0;

  void add(double pair_weight, int pair_error) {
    weight += pair_weight;
    absolute += pair_weight * std::abs(pair_error);
    error += pair_weight * pair_error;
    square += pair_weight * pair_error * pair_error;
    wrong += pair_error != 0 ? pair_weight : 0;
  }
  WeightedError mean() const {
    if (weight == 0) return {};
    return {.mean_absolute_lsb = absolute / weight,
            .mean_lsb = error / weight,
            .mean_square_lsb2 = square / weight,
            .probability = wrong / weight};
  }
};

int error_of(const Multiplier& multiplier, std::size_t first, std::size_t second) {
  const auto a = static_cast<std::int8_t>(first);
  const auto b = static_cast<std::int8_t>(second);
  return multiplier(a, b) - a * b;
}

// Given each code of one operand, over the counted ones of the other: error(code, other).
template <typename Error>
ErrorByCode error_by(const CodeCounts& others, Error error) noexcept {
  ErrorByCode errors;
  for (std::size_t code = 0; code < errors.size(); ++code) {
    Sums sums;
    for (std::size_t other = 0; other < others.size(); ++other) {
      sums.add(static_cast<double>(others[other]), error(code, other));
    }
    errors[code] = sums.mean();
  }
  return errors;
}

}  // namespace

CodeCounts uniform_counts() noexcept {
  CodeCounts counts;
  counts.fill(1);
  return counts;
}

WeightedError weighted_error(const Multiplier& multiplier, const CodeCounts& first,
                             const CodeCounts& second) noexcept {
  Sums sums;
  for (std::size_t a = 0; a < 256; ++a) {
    for (std::size_t b = 0; b < 256; ++b) {
      sums.add(static_cast<double>(first[a]) * static_cast<double>(second[b]),
               error_of(multiplier, a, b));
    }
  }
  return sums.mean();
}

ErrorByCode error_by_first(const Multiplier& multiplier, const CodeCounts& second) noexcept {
  return error_by(second, [&](std::size_t a, std::size_t b) { return error_of(multiplier, a, b); });
}

ErrorByCode error_by_second(const Multiplier& multiplier, const CodeCounts& first) noexcept {
  return error_by(first, [&](std::size_t b, std::size_t a) { return error_of(multiplier, a, b); });
}

}  // namespace deepaxe::arith
