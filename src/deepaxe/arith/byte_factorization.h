// ByteFactorization: a factorization whose factors are bytes, for machines that multiply those.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "deepaxe/arith/factorization.h"

namespace deepaxe::arith {

/// m(a, b) = sum over terms of (f[a] + f_offset) * g[b], exactly; indexed by bit pattern. Without
/// terms: there is none.
struct ByteFactorization {
  struct Term {
    std::array<std::uint8_t, 256> f;
    std::int32_t f_offset;
    std::array<std::int8_t, 256> g;
  };
  std::vector<Term> terms = {};
};

/// The same sum in bytes: a common factor moves from one side to the other where that makes both
/// fit, else a side is cut into summands. Empty if there would be more than `max_terms`, or if
/// `factorization` is empty.
ByteFactorization to_bytes(const Factorization& factorization, int max_terms);

}  // namespace deepaxe::arith
