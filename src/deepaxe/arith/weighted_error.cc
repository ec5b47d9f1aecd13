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
  ErrorByCode errors;
  for (std::size_t a = 0; a < 256; ++a) {
    Sums sums;
    for (std::size_t b = 0; b < 256; ++b) {
      sums.add(static_cast<double>(second[b]), error_of(multiplier, a, b));
    }
    errors[a] = sums.mean();
  }
  return errors;
}

ErrorByCode error_by_second(const Multiplier& multiplier, const CodeCounts& first) noexcept {
  ErrorByCode errors;
  for (std::size_t b = 0; b < 256; ++b) {
    Sums sums;
    for (std::size_t a = 0; a < 256; ++a) {
      sums.add(static_cast<double>(first[a]), error_of(multiplier, a, b));
    }
    errors[b] = sums.mean();
  }
  return errors;
}

}  // namespace deepaxe::arith
