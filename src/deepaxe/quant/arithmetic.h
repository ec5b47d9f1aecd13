// BinaryArithmetic: functions of two int8 codes to one: TFLite's ADD, SUB, MUL and PRELU.
// Normative; rounding of each as in LiteRT's reference kernels, checked against its tensors.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/quant/params.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::quant {

enum class BinaryKind {
  kAdd,
  kSubtract,
  kMultiply,
  kPrelu,  ///< a where a >= 0, else a * b: `b` is the slope.
};

struct BinaryArithmetic {
  BinaryKind kind = BinaryKind::kAdd;
  std::int32_t zero_point_a = 0, zero_point_b = 0, out_zero_point = 0;
  /// Add, subtract: both operands, shifted left by 20 bits, to twice the larger scale. Prelu:
  /// scale_a is the factor of codes >= 0. Else unused.
  RequantScale scale_a = {}, scale_b = {};
  RequantScale out_scale = {};  ///< Of the sum, difference or product.
  std::int32_t clamp_low = -128, clamp_high = 127;

  std::int8_t operator()(std::int8_t a, std::int8_t b) const noexcept;
};

/// An operand of a sum in the common scale: its difference from the zero point (negated where it is
/// subtracted), shifted left by 20 bits, times its factor.
std::int32_t sum_term(std::int32_t difference, RequantScale scale) noexcept;

/// Throws std::invalid_argument for scales so far apart that no integer factor fits.
BinaryArithmetic make_binary_arithmetic(BinaryKind kind, const QuantParams& a, const QuantParams& b,
                                        const QuantParams& out);

/// All 65,536 results: result[bit pattern of a << 8 | bit pattern of b].
std::vector<std::int8_t> tabulate(const BinaryArithmetic& arithmetic);

}  // namespace deepaxe::quant
