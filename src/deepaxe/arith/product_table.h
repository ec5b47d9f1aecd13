// ProductTable: all products of an 8x8-bit circuit, signed or unsigned, and their distance from the
// exact ones. Source of the error measures: EvoApproxLib (Mrazek et al., DATE 2017, pp. 258-261).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace deepaxe::arith {

enum class Signedness { kUnsigned, kSigned };

/// Distance of a multiplier from the exact product over all operand pairs, each counted once.
/// Unit: one LSB of the 16-bit product. EvoApproxLib's percentages divide by 2^16; ours do not.
struct ErrorStats {
  double mean_absolute_lsb = 0;     ///< MAE.
  double mean_lsb = 0;              ///< Bias: positive if the multiplier overestimates.
  double mean_square_lsb2 = 0;      ///< MSE.
  std::int32_t worst_case_lsb = 0;  ///< WCE; 2^31 - 1 for anything above.
  double probability = 0;           ///< EP: fraction of pairs with a wrong product, in [0, 1].
  double mean_relative = 0;         ///< MRE: mean of |error / exact| over pairs with exact != 0.
};

/// products[a << 8 | b], a and b the bit patterns of the operands; 32 bits, because a circuit that
/// is still to be checked may leave 16. Operands are two's complement if signed, else 0..255.
struct ProductTable {
  static constexpr std::size_t kNumProducts = std::size_t{256} * 256;

  Signedness signedness = Signedness::kSigned;
  std::vector<std::int32_t> products;  ///< Size kNumProducts.
};

/// The value of an operand's bit pattern, 0..255.
constexpr int operand_value(std::size_t pattern, Signedness signedness) noexcept {
  const int value = static_cast<int>(pattern);
  return signedness == Signedness::kSigned && value >= 128 ? value - 256 : value;
}

/// Exhaustive, and summed in integers but for the relative error, which is summed in a fixed
/// order: no compiler, ISA or thread count changes a digit.
ErrorStats error_stats(const ProductTable& table);

/// SHA-256 of the products as int32 little-endian by the operands' values in growing order, a
/// outer: -128..127 if signed, 0..255 if not. Equal circuits have equal identities.
std::string identity(const ProductTable& table);

}  // namespace deepaxe::arith
