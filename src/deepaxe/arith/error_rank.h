// Rank of a table of integers over the rationals, exact: the least number of products f(a) g(b)
// that add up to a multiplier's error. Source of the certificate: Hadamard's bound and the Chinese
// remainder theorem, as in modular computation of determinants (von zur Gathen and Gerhard, Modern
// Computer Algebra, 3rd ed., section 5.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {

/// `values` is [values.size() / num_columns, num_columns], row-major.
///
/// The rank modulo a prime is never larger than the rank, and smaller only if the prime divides
/// every minor of the rank's size. With r the largest rank found modulo several primes, their
/// product divides every minor of size r + 1; once it exceeds what such a minor can be at most
/// (Hadamard), these minors are all 0 and r is the rank. Takes milliseconds for ranks below 10, up
/// to seconds for a 256 x 256 table whose rank is high but not full.
int rational_rank(std::span<const std::int32_t> values, std::size_t num_columns);

/// Of the table m(a, b) - a b; 0 for the exact multiplier.
int error_rank(const Multiplier& multiplier);

}  // namespace deepaxe::arith
