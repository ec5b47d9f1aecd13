// Error of a multiplier under given distributions of its operands.
#pragma once

#include <array>
#include <cstdint>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {

/// How often each code occurs, by its bit pattern.
using CodeCounts = std::array<std::uint64_t, 256>;

/// As ErrorStats, but each pair weighs count(a) * count(b): operands drawn independently.
struct WeightedError {
  double mean_absolute_lsb = 0;
  double mean_lsb = 0;
  double mean_square_lsb2 = 0;
  double probability = 0;

  double variance_lsb2() const noexcept { return mean_square_lsb2 - mean_lsb * mean_lsb; }
};

/// Summed in a fixed order. Counts that are all 0 give zeros.
WeightedError weighted_error(const Multiplier& multiplier, const CodeCounts& first,
                             const CodeCounts& second) noexcept;

/// Every code as often as any other.
CodeCounts uniform_counts() noexcept;

/// Element x: the error where one operand is x (its bit pattern) and the other follows its counts.
using ErrorByCode = std::array<WeightedError, 256>;
ErrorByCode error_by_first(const Multiplier& multiplier, const CodeCounts& second) noexcept;
ErrorByCode error_by_second(const Multiplier& multiplier, const CodeCounts& first) noexcept;

}  // namespace deepaxe::arith
