#include "deepaxe/arith/booth_families.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>

#include "deepaxe/arith/family_for_test.h"

namespace deepaxe::arith {
namespace {

Family rad(int k) { return {.kind = FamilyKind::kRad, .values = {k}}; }
Family roup(int k, int m) { return {.kind = FamilyKind::kRoup, .values = {k, m}}; }

// The nearest of 0, 2^(k-4) ... 2^(k-1) with the sign of the digit; the larger of two as near.
std::int64_t rounded_digit(int k, std::int64_t digit) {
  std::int64_t nearest = 0;
  for (int i = k - 4; i < k; ++i) {
    const std::int64_t power = std::int64_t{1} << i;
    const std::int64_t magnitude = std::abs(digit);
    if (std::abs(power - magnitude) <= std::abs(nearest - magnitude)) nearest = power;
  }
  return digit < 0 ? -nearest : nearest;
}

Product rad_product(int k) {
  return [k](std::int64_t a, std::int64_t b) {
    const std::int64_t radix = std::int64_t{1} << k;
    std::int64_t digit = b & (radix - 1);
    if (digit >= radix / 2) digit -= radix;
    return a * (b - digit + rounded_digit(k, digit));
  };
}

// To the nearest multiple of 2^bits, halves up.
std::int64_t rounded(std::int64_t a, int bits) {
  const std::int64_t half = (std::int64_t{1} << bits) / 2;
  return (a + half) >> bits << bits;
}

Product roup_product(int k, int m) {
  return [=](std::int64_t a, std::int64_t b) { return rounded(a, m) * rounded(b, 2 * k); };
}

TEST(BoothFamilies, RadEqualsItsDefinition) {
  for (int k = 4; k <= 8; k += 2) EXPECT_EQ(num_different(rad(k), rad_product(k)), 0) << k;
}

TEST(BoothFamilies, RadIsExactForWeightsWhoseLowDigitIsAPowerOfTwo) {
  const Multiplier multiplier(tabulate(make_netlist(rad(6))));
  for (int a = -128; a <= 127; ++a) {
    for (const int b : {0, 4, 8, 16, 64 + 8, -4, -8, -32, -64 - 16}) {
      EXPECT_EQ(multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)), a * b);
    }
  }
}

// Leon et al., IEEE Micro 2018, page 47, cites MRED 0.28 % of the 16-bit RAD256.
TEST(BoothFamilies, TheDefinitionOfRadHasThePublishedErrorAt16Bits) {
  EXPECT_NEAR(sampled_error_of_16_bits(rad_product(8), /*is_signed=*/true).mean_absolute, 0.28,
              0.01);
}

TEST(BoothFamilies, RoupEqualsItsDefinition) {
  for (int k = 0; k <= 2; ++k) {
    for (int m = 0; m <= 6; ++m) {
      EXPECT_EQ(num_different(roup(k, m), roup_product(k, m)), 0) << k << ", " << m;
    }
  }
}

// Leon et al., page 47: MRED 0.23 % of the 16-bit PR|2,4.
TEST(BoothFamilies, TheDefinitionOfRoupHasThePublishedErrorAt16Bits) {
  EXPECT_NEAR(sampled_error_of_16_bits(roup_product(2, 4), /*is_signed=*/true).mean_absolute, 0.23,
              0.01);
}

TEST(BoothFamilies, RoupWithoutPerforationAndRoundingIsExact) {
  EXPECT_TRUE(Multiplier(tabulate(make_netlist(roup(0, 0)))).is_exact());
}

}  // namespace
}  // namespace deepaxe::arith
