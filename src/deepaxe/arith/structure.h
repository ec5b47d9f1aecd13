// Structure of a multiplier: what its products and its error m(a, b) - a b depend on, and how.
#pragma once

#include <cstdint>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {

/// How the error is made of functions of one operand each; the first that holds.
enum class Separability {
  kExact,       ///< No error.
  kOneOperand,  ///< f(a), or g(b).
  kProduct,     ///< f(a) g(b)
  kSum,         ///< f(a) + g(b)
  kNone,
};

struct Structure {
  int error_rank = 0;  ///< Over the rationals, see error_rank.h.
  Separability separability = Separability::kExact;
  /// Bit i: for some pair the error changes with bit i of the operand.
  std::uint8_t first_operand_bits = 0;
  std::uint8_t second_operand_bits = 0;
  bool commutes = true;              ///< m(a, b) = m(b, a)
  bool is_odd = true;                ///< m(-a, b) = m(a, -b) = -m(a, b), -128 left out.
  std::int32_t zero_first_lsb = 0;   ///< Largest |m(0, b)|.
  std::int32_t zero_second_lsb = 0;  ///< Largest |m(a, 0)|.
};

/// Exact, over all 65,536 pairs. Takes the time of error_rank.
Structure analyze_structure(const Multiplier& multiplier);

}  // namespace deepaxe::arith
