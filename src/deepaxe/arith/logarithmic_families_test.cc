#include "deepaxe/arith/logarithmic_families.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "deepaxe/arith/family_for_test.h"

namespace deepaxe::arith {
namespace {

const Family kMitchell{.kind = FamilyKind::kMitchell, .values = {}};
const Family kMbm{.kind = FamilyKind::kMbm, .values = {}};
Family alm(int m) { return {.kind = FamilyKind::kAlm, .values = {m}}; }
Family ilm(int c) { return {.kind = FamilyKind::kIlm, .values = {c}}; }

int leading_position(std::int64_t a) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(a))) - 1;
}

// Logarithms as integers, in units of 2^-15: that is enough for fractions of 16-bit numbers.
constexpr int kFractionBits = 15;
constexpr std::int64_t kOne = std::int64_t{1} << kFractionBits;

std::int64_t logarithm(std::int64_t a) {
  const int k = leading_position(a);
  return (k << kFractionBits) + ((a << (kFractionBits - k)) - kOne);
}

// 2^k (1 + x), times 2^kFractionBits, of the logarithm k + x.
std::int64_t scaled_antilogarithm(std::int64_t logarithm_sum) {
  return (kOne + logarithm_sum % kOne) << (logarithm_sum / kOne);
}

std::int64_t mitchell(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return 0;
  return scaled_antilogarithm(logarithm(a) + logarithm(b)) >> kFractionBits;
}

// The product before it is rounded down.
double mbm_exactly(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return 0;
  const std::int64_t fractions = logarithm(a) % kOne + logarithm(b) % kOne;
  const int exponent = leading_position(a) + leading_position(b);
  const double x = static_cast<double>(fractions) / static_cast<double>(kOne);
  const double c = 0.078125;
  return x < 1 ? std::ldexp(1 + x + c, exponent) : std::ldexp(x + c / 2, exponent + 1);
}

std::int64_t mbm(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(std::floor(mbm_exactly(a, b)));
}

// 8-bit numbers: fractions of 7 bits, the m low ones of their sum set.
Product alm_product(int m) {
  return [m](std::int64_t a, std::int64_t b) -> std::int64_t {
    if (a == 0 || b == 0) return 0;
    const auto fraction = [](std::int64_t n) { return (n << (7 - leading_position(n))) - 128; };
    const std::int64_t x = fraction(a), y = fraction(b);
    const std::int64_t carry = x >> (m - 1) & y >> (m - 1) & 1;
    const std::int64_t sum = ((x >> m) + (y >> m) + carry) << m | ((1 << m) - 1);
    const int exponent = leading_position(a) + leading_position(b);
    return sum < 128 ? ((128 + sum) << exponent) >> 7 : (sum << (exponent + 1)) >> 7;
  };
}

Product ilm_product(int num_corrections) {
  return [=](std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    for (int i = 0; i <= num_corrections && a != 0 && b != 0; ++i) {
      const std::int64_t power_a = std::int64_t{1} << leading_position(a);
      const std::int64_t power_b = std::int64_t{1} << leading_position(b);
      product += power_a * power_b + (a - power_a) * power_b + (b - power_b) * power_a;
      a -= power_a;
      b -= power_b;
    }
    return product;
  };
}

TEST(LogarithmicFamilies, MitchellEqualsItsDefinition) {
  EXPECT_EQ(num_different(kMitchell, sign_magnitude(mitchell)), 0);
}

// Mitchell, equation (37): between 0 and -11.1 %, at fractions of one half. The mean of 3.8 % is
// often cited; over uniform fractions it is 3.85 %.
TEST(LogarithmicFamilies, MitchellIsNeverTooLargeAndAtMostOneNinthTooSmall) {
  const RelativeError error = exhaustive_error(mitchell);
  EXPECT_NEAR(error.largest, 100.0 / 9, 1e-9);
  EXPECT_NEAR(error.bias, -error.mean_absolute, 1e-9);
  EXPECT_NEAR(error.mean_absolute, 3.8, 0.05);
  EXPECT_NEAR(sampled_error_of_16_bits(mitchell, false).mean_absolute, 3.85, 0.02);
}

TEST(LogarithmicFamilies, AlmEqualsItsDefinition) {
  for (int m = 1; m <= 6; ++m) {
    EXPECT_EQ(num_different(alm(m), sign_magnitude(alm_product(m))), 0) << m;
  }
}

// Liu et al.: set-one bits make up for Mitchell's negative bias, up to a point.
TEST(LogarithmicFamilies, SetOneBitsRaiseTheBiasOfMitchell) {
  double previous = exhaustive_error(mitchell).bias;
  for (int m = 1; m <= 6; ++m) {
    const double bias = exhaustive_error(alm_product(m)).bias;
    EXPECT_GT(bias, previous) << m;
    previous = bias;
  }
}

TEST(LogarithmicFamilies, MbmEqualsItsDefinition) {
  EXPECT_EQ(num_different(kMbm, sign_magnitude(mbm)), 0);
}

// Saadat et al., table I: for 8 bits, all inputs, bias 0.05 %, mean 2.69 %, peak 7.81 %. The peak
// is the correction itself, for powers of two; with products rounded down to integers 3 * 3 = 8
// stays 1/9 off, as in Mitchell's.
TEST(LogarithmicFamilies, MbmHasThePublishedError) {
  const RelativeError error = exhaustive_error(mbm);
  EXPECT_NEAR(error.bias, 0.05, 0.005);
  EXPECT_NEAR(error.mean_absolute, 2.69, 0.03);
  double largest = 0;
  for (int a = 1; a < 256; ++a) {
    for (int b = 1; b < 256; ++b) {
      largest = std::max(largest, std::abs(mbm_exactly(a, b) - a * b) / (a * b));
    }
  }
  EXPECT_EQ(largest, 0.078125);
}

// Table I, 16 bits, random inputs: mean 2.58 %, bias -0.09 %.
TEST(LogarithmicFamilies, TheDefinitionOfMbmHasThePublishedErrorAt16Bits) {
  const RelativeError error = sampled_error_of_16_bits(mbm, /*is_signed=*/false);
  EXPECT_NEAR(error.mean_absolute, 2.58, 0.03);
  EXPECT_NEAR(error.bias, -0.09, 0.03);
}

TEST(LogarithmicFamilies, IlmEqualsItsDefinition) {
  for (int c = 0; c <= 3; ++c) {
    EXPECT_EQ(num_different(ilm(c), sign_magnitude(ilm_product(c))), 0) << c;
  }
}

// Babic et al., average relative error of all 8-bit operands with 0 to 3 correction circuits, and
// the bound 4^-(c+1) on the largest.
TEST(LogarithmicFamilies, IlmHasThePublishedErrors) {
  constexpr double kAverage[] = {8.9131, 0.8337, 0.0708, 0.0048};
  for (int c = 0; c <= 3; ++c) {
    const RelativeError error = exhaustive_error(ilm_product(c));
    EXPECT_NEAR(error.mean_absolute, kAverage[c], 5.1e-5) << c;
    EXPECT_LT(error.largest, 100 * std::pow(4.0, -(c + 1))) << c;
    EXPECT_NEAR(error.bias, -error.mean_absolute, 1e-9) << c;  // Never too large.
  }
}

}  // namespace
}  // namespace deepaxe::arith
