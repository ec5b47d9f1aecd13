#include "deepaxe/arith/array_families.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "deepaxe/arith/family_for_test.h"

namespace deepaxe::arith {
namespace {

Family bam(int h, int v) { return {.kind = FamilyKind::kBam, .values = {h, v}}; }
Family one(FamilyKind kind, int value) { return {.kind = kind, .values = {value}}; }

ErrorStats stats_of(const Family& family) {
  return error_stats(Multiplier(tabulate(make_netlist(family))));
}

// The kept part of the schoolbook sum of two's complement bits, where bit 7 weighs -128.
std::int64_t bam_product(int h, int v, std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  for (int i = h; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      if (i + j < v || (a >> i & b >> j & 1) == 0) continue;
      sum += ((i == 7) != (j == 7) ? -1 : 1) * (1 << (i + j));
    }
  }
  return sum;
}

// What the columns below t hold.
std::int64_t low_columns(int t, std::int64_t a, std::int64_t b) {
  return a * b - bam_product(0, t, a, b);
}

TEST(ArrayFamilies, EveryBrokenArrayEqualsItsClosedForm) {
  for (const Family& family : all_members(families()[0])) {
    const Product product = [&](std::int64_t a, std::int64_t b) {
      return bam_product(family.values[0], family.values[1], a, b);
    };
    ASSERT_EQ(num_different(family, product), 0) << to_string(family);
  }
}

TEST(ArrayFamilies, EveryTruncationEqualsItsClosedForm) {
  for (int k = 0; k <= 7; ++k) {
    const std::int64_t low_bits = (1 << k) - 1;
    const Product product = [&](std::int64_t a, std::int64_t b) {
      return (a & ~low_bits) * (b & ~low_bits);
    };
    EXPECT_EQ(num_different(one(FamilyKind::kTrunc, k), product), 0) << k;
  }
}

TEST(ArrayFamilies, DroppingMorePartialProductsNeverAddsGates) {
  std::size_t previous = std::numeric_limits<std::size_t>::max();
  for (int v = 0; v <= 15; ++v) {
    const std::size_t num_gates = make_netlist(bam(0, v)).gates.size();
    EXPECT_LE(num_gates, previous) << "v = " << v;
    previous = num_gates;
  }
}

TEST(ArrayFamilies, AnEmptyArrayIsAlwaysZero) {
  for (const Family& family : {bam(8, 0), bam(0, 15)}) {
    const Netlist netlist = make_netlist(family);
    EXPECT_EQ(netlist.gates.size(), 1U);  // The one constant.
    EXPECT_EQ(tabulate(netlist), std::vector<std::int16_t>(Multiplier::kNumProducts));
  }
}

// Lower-part-OR adder of k low bits, Mahdiani et al., figure 1.
std::int64_t loa_sum(int k, std::int64_t x, std::int64_t y) {
  const std::int64_t low_bits = (1 << k) - 1;
  const std::int64_t carry = k == 0 ? 0 : x >> (k - 1) & y >> (k - 1) & 1;
  return (((x >> k) + (y >> k) + carry) << k) | ((x | y) & low_bits);
}

TEST(ArrayFamilies, LowerPartOrRowsAddUpToTheArray) {
  for (int k = 0; k <= 7; ++k) {
    const Product product = [&](std::int64_t a, std::int64_t b) {
      std::int64_t sum = 0;
      for (int i = 0; i < 7; ++i) sum = loa_sum(k, sum, (a >> i & 1) * b * (1 << i));
      return sum - (a >> 7 & 1) * b * 128;  // Its 7 low bits are 0.
    };
    EXPECT_EQ(num_different(one(FamilyKind::kLoa, k), product), 0) << k;
  }
}

TEST(ArrayFamilies, LowerPartOrWithLessThanTwoRowsIsExact) {
  EXPECT_EQ(stats_of(one(FamilyKind::kLoa, 0)).probability, 0);
  EXPECT_EQ(stats_of(one(FamilyKind::kLoa, 1)).probability, 0);
  EXPECT_GT(stats_of(one(FamilyKind::kLoa, 2)).probability, 0);
}

// The sum over all pairs of what is dropped, which the constant is to make up for.
double mean_of_low_columns(int t) {
  double sum = 0;
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) sum += static_cast<double>(low_columns(t, a, b));
  }
  return sum / Multiplier::kNumProducts;
}

TEST(ArrayFamilies, ConstantCompensationIsTheNearestToTheMean) {
  for (int t = 1; t <= 7; ++t) {
    const double unit = 1 << t;
    const auto constant =
        static_cast<std::int64_t>(unit * std::round(mean_of_low_columns(t) / unit));
    const Product product = [&](std::int64_t a, std::int64_t b) {
      return a * b - low_columns(t, a, b) + constant;
    };
    EXPECT_EQ(num_different(one(FamilyKind::kTcc, t), product), 0) << t;
    EXPECT_LE(std::abs(stats_of(one(FamilyKind::kTcc, t)).mean_lsb), unit / 2) << t;
  }
}

TEST(ArrayFamilies, VariableCompensationDoublesTheHighestDroppedColumn) {
  for (int t = 1; t <= 7; ++t) {
    const Product product = [&](std::int64_t a, std::int64_t b) {
      const std::int64_t highest = low_columns(t, a, b) - low_columns(t - 1, a, b);
      return a * b - low_columns(t, a, b) + 2 * highest;
    };
    EXPECT_EQ(num_different(one(FamilyKind::kTvc, t), product), 0) << t;
    EXPECT_EQ(stats_of(one(FamilyKind::kTvc, t)).mean_lsb, ((1 << t) - 1) / 4.0) << t;
  }
}

// King and Swartzlander's claim: data-dependent correction leaves a smaller variance than a
// constant.
TEST(ArrayFamilies, VariableCompensationVariesLessThanConstantCompensation) {
  for (int t = 2; t <= 7; ++t) {
    const ErrorStats variable = stats_of(one(FamilyKind::kTvc, t));
    const ErrorStats constant = stats_of(one(FamilyKind::kTcc, t));
    EXPECT_LT(variable.mean_square_lsb2 - variable.mean_lsb * variable.mean_lsb,
              constant.mean_square_lsb2 - constant.mean_lsb * constant.mean_lsb)
        << t;
  }
}

}  // namespace
}  // namespace deepaxe::arith
