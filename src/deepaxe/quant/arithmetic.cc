#include "deepaxe/quant/arithmetic.h"

#include <algorithm>
#include <cstddef>

namespace deepaxe::quant {
namespace {

constexpr int kLeftShift = 20;  // 9-bit differences become 29 bits: no overflow in the sum.

// Scales are float32; doubling and the power of two are exact, the quotients are in double.
void set_sum_scales(BinaryArithmetic& result, const QuantParams& a, const QuantParams& b,
                    const QuantParams& out) {
  const double twice_larger = 2.0 * double{std::max(a.scale, b.scale)};
  result.scale_a = make_requant_scale(double{a.scale} / twice_larger);
  result.scale_b = make_requant_scale(double{b.scale} / twice_larger);
  result.out_scale = make_requant_scale(twice_larger / (double{out.scale} * (1 << kLeftShift)));
}

}  // namespace

std::int32_t sum_term(std::int32_t difference, RequantScale scale) noexcept {
  return requantize(difference * (1 << kLeftShift), scale, Rounding::kDouble);
}

std::int8_t BinaryArithmetic::operator()(std::int8_t a, std::int8_t b) const noexcept {
  const std::int32_t x = a - zero_point_a;
  const std::int32_t y = b - zero_point_b;
  std::int32_t exact = x * y;  // Of kMultiply, and of kPrelu below zero.
  RequantScale scale = out_scale;
  switch (kind) {
    case BinaryKind::kAdd:
      exact = sum_term(x, scale_a) + sum_term(y, scale_b);
      break;
    case BinaryKind::kSubtract:
      // The negated mantissa of TFLite rounds -y as a number of its own.
      exact = sum_term(x, scale_a) + sum_term(-y, scale_b);
      break;
    case BinaryKind::kMultiply:
      break;
    case BinaryKind::kPrelu:
      if (x >= 0) {
        exact = x;
        scale = scale_a;
      }
      break;
  }
  return requantize_to_code(exact, scale, Rounding::kDouble, out_zero_point, clamp_low, clamp_high);
}

BinaryArithmetic make_binary_arithmetic(BinaryKind kind, const QuantParams& a, const QuantParams& b,
                                        const QuantParams& out) {
  BinaryArithmetic result{.kind = kind,
                          .zero_point_a = a.zero_point,
                          .zero_point_b = b.zero_point,
                          .out_zero_point = out.zero_point};
  if (kind == BinaryKind::kAdd || kind == BinaryKind::kSubtract) {
    set_sum_scales(result, a, b, out);
    return result;
  }
  // These kernels work out their factors in float.
  result.out_scale = make_requant_scale(double{a.scale * b.scale / out.scale});
  if (kind == BinaryKind::kPrelu) {
    result.scale_a = make_requant_scale(double{a.scale / out.scale});
  }
  return result;
}

std::vector<std::int8_t> tabulate(const BinaryArithmetic& arithmetic) {
  std::vector<std::int8_t> table(std::size_t{256} * 256);
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = arithmetic(static_cast<std::int8_t>(i >> 8), static_cast<std::int8_t>(i & 255));
  }
  return table;
}

}  // namespace deepaxe::quant
