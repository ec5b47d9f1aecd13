// Factorization: a multiplier as a short sum of products of functions of one operand each.
// With it an approximate matrix product is an exact one of a few times the depth.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {

/// m(a, b) = sum over terms of f[a] * g[b], exactly, for all 65,536 pairs; indexed by bit pattern.
/// Without terms: there is none.
struct Factorization {
  struct Term {
    std::array<std::int16_t, 256> f;
    std::array<std::int16_t, 256> g;
  };
  std::vector<Term> terms = {};
};

/// A factorization of at most `max_terms` >= 1 terms, or one without terms if none was found. Tried
/// first is the exact product of the activation with its low bits cleared, as many as serve best,
/// the rest taken apart by crosses: one row and one column of what is left, whose common entry
/// divides one of them. These factors are the simplest. If the lattice of the table's rows gives
/// fewer terms, as many as the rank, it is those (row_lattice.h); none then are left out but for
/// factors beyond 16 bits. The 13 circuits of EvoApproxLib v2022 need at most 5 terms.
Factorization factorize(const Multiplier& multiplier, int max_terms);

}  // namespace deepaxe::arith
