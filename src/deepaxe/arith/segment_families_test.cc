#include "deepaxe/arith/segment_families.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "deepaxe/arith/family_for_test.h"

namespace deepaxe::arith {
namespace {

Family drum(int k) { return {.kind = FamilyKind::kDrum, .values = {k}}; }
const Family kRoba{.kind = FamilyKind::kRoba, .values = {}};

int leading_position(std::int64_t a) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(a))) - 1;
}

// The leading k bits, the last of them set; numbers of k bits stay.
std::int64_t drum_operand(int k, std::int64_t a) {
  if (a < 1 << k) return a;
  const int shift = leading_position(a) - k + 1;
  return (a >> shift | 1) << shift;
}

Product drum_product(int k) {
  return [k](std::int64_t a, std::int64_t b) { return drum_operand(k, a) * drum_operand(k, b); };
}

std::int64_t nearest_power(std::int64_t a) {
  if (a == 0) return 0;
  if (a == 3) return 2;
  const std::int64_t below = std::int64_t{1} << leading_position(a);
  return 2 * a >= 3 * below ? 2 * below : below;
}

std::int64_t roba_product(std::int64_t a, std::int64_t b) {
  return nearest_power(a) * b + nearest_power(b) * a - nearest_power(a) * nearest_power(b);
}

TEST(SegmentFamilies, DrumEqualsItsDefinition) {
  for (int k = 3; k <= 8; ++k) {
    EXPECT_EQ(num_different(drum(k), sign_magnitude(drum_product(k))), 0) << k;
  }
}

// Hashemi et al., equations of section III-B; 1/32 and 6.34 % for k = 6 there.
TEST(SegmentFamilies, DrumReachesTheBoundOfThePaperAndNoMore) {
  for (int k = 3; k <= 7; ++k) {
    const double operand = std::pow(2.0, 1 - k);
    const double bound = 100 * ((1 + operand) * (1 + operand) - 1);
    EXPECT_NEAR(exhaustive_error(drum_product(k)).largest, bound, 1e-9) << k;
  }
}

// Table II of the paper, n = 16, a billion random pairs. Its bias is printed with the other sign
// for k = 5 and 6, where it is about 0.
TEST(SegmentFamilies, TheDefinitionOfDrumHasThePublishedErrorAt16Bits) {
  constexpr double kMeanAbsolute[] = {11.90, 5.89, 2.94, 1.47, 0.73, 0.37};
  for (int k = 3; k <= 8; ++k) {
    const RelativeError error = sampled_error_of_16_bits(drum_product(k), /*is_signed=*/false);
    EXPECT_NEAR(error.mean_absolute, kMeanAbsolute[k - 3], 0.01 * kMeanAbsolute[k - 3] + 0.005);
    EXPECT_LT(error.largest, 100 * (std::pow(1 + std::pow(2.0, 1 - k), 2) - 1));
  }
  EXPECT_NEAR(sampled_error_of_16_bits(drum_product(3), false).bias, 2.08, 0.1);
  EXPECT_NEAR(sampled_error_of_16_bits(drum_product(4), false).bias, 0.53, 0.05);
}

TEST(SegmentFamilies, ASmallerSegmentTakesFewerGates) {
  for (int k = 3; k < 7; ++k) {
    EXPECT_LT(make_netlist(drum(k)).gates.size(), make_netlist(drum(k + 1)).gates.size()) << k;
  }
}

TEST(SegmentFamilies, RobaEqualsItsDefinition) {
  EXPECT_EQ(num_different(kRoba, sign_magnitude(roba_product)), 0);
}

// Zendegani et al., section III-C: at most 11.1 %, and exact for powers of two.
TEST(SegmentFamilies, RobaIsAtMostOneNinthOff) {
  EXPECT_NEAR(exhaustive_error(roba_product).largest, 100.0 / 9, 1e-9);
  for (int b = 0; b < 256; ++b) {
    for (int bit = 0; bit < 8; ++bit) EXPECT_EQ(roba_product(1 << bit, b), b << bit);
  }
}

}  // namespace
}  // namespace deepaxe::arith
