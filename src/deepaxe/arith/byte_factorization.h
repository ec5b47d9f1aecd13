// ByteFactorization: a factorization whose factors are bytes, for machines that multiply those.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "deepaxe/arith/factorization.h"

namespace deepaxe::arith {

/// f(code) = f(0) ^ (matrix times the bits of the code), modulo 2. Byte 7 - i of it has the bits of
/// the code that make bit i of the result: the operand of GF2P8AFFINEQB.
using BitMatrix = std::uint64_t;

/// Of a function of a byte, if it has that form.
std::optional<BitMatrix> find_bit_matrix(const std::array<std::uint8_t, 256>& f);

/// m(a, b) = sum over terms of (f[a] + f_offset) * g[b], exactly; indexed by bit pattern. Without
/// terms: there is none.
struct ByteFactorization {
  struct Term {
    std::array<std::uint8_t, 256> f;
    /// f by its bits, if each of them is a sum modulo 2 of bits of the code and a constant: bits
    /// cleared, taken out, inverted, as in the factors of broken arrays and truncations.
    std::optional<BitMatrix> f_bits;
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
