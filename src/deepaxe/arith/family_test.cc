#include "deepaxe/arith/family.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {
namespace {

Family bam(int h, int v) { return {.kind = FamilyKind::kBam, .h = h, .v = v}; }
Family trunc(int k) { return {.kind = FamilyKind::kTrunc, .k = k}; }

// The kept part of the schoolbook sum of two's complement bits, where bit 7 weighs -128.
int bam_product(int h, int v, int a, int b) {
  int sum = 0;
  for (int i = h; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      if (i + j < v || (a >> i & b >> j & 1) == 0) continue;
      sum += ((i == 7) != (j == 7) ? -1 : 1) * (1 << (i + j));
    }
  }
  return sum;
}

TEST(Family, EveryBrokenArrayEqualsItsClosedForm) {
  for (int h = 0; h <= 8; ++h) {
    for (int v = 0; v <= 15; ++v) {
      const std::vector<std::int16_t> table = tabulate(make_netlist(bam(h, v)));
      int num_different = 0;
      for (int a = -128; a <= 127; ++a) {
        for (int b = -128; b <= 127; ++b) {
          const std::int16_t product =
              table[Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b))];
          num_different += product != bam_product(h, v, a, b);  // Also: no sum leaves int16.
        }
      }
      ASSERT_EQ(num_different, 0) << "bam(" << h << "," << v << ")";
    }
  }
}

TEST(Family, EveryTruncationEqualsItsClosedForm) {
  for (int k = 0; k <= 7; ++k) {
    const std::vector<std::int16_t> table = tabulate(make_netlist(trunc(k)));
    const int low_bits = (1 << k) - 1;
    for (int a = -128; a <= 127; ++a) {
      for (int b = -128; b <= 127; ++b) {
        const std::size_t index =
            Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
        ASSERT_EQ(table[index], (a & ~low_bits) * (b & ~low_bits)) << "trunc(" << k << ")";
      }
    }
  }
}

TEST(Family, DroppingMorePartialProductsNeverAddsGates) {
  std::size_t previous = std::numeric_limits<std::size_t>::max();
  for (int v = 0; v <= 15; ++v) {
    const std::size_t num_gates = make_netlist(bam(0, v)).gates.size();
    EXPECT_LE(num_gates, previous) << "v = " << v;
    previous = num_gates;
  }
}

TEST(Family, AnEmptyArrayIsAlwaysZero) {
  for (const Family& family : {bam(8, 0), bam(0, 15)}) {
    const Netlist netlist = make_netlist(family);
    EXPECT_EQ(netlist.gates.size(), 1U);  // The one constant.
    EXPECT_EQ(tabulate(netlist), std::vector<std::int16_t>(Multiplier::kNumProducts));
  }
}

TEST(Family, PrintedTextParsesToTheSameFamily) {
  for (const Family& family : {bam(0, 0), bam(8, 15), bam(1, 3), trunc(0), trunc(7)}) {
    EXPECT_EQ(parse_family(to_string(family)), family);
  }
  EXPECT_EQ(to_string(bam(1, 3)), "bam(1,3)");
  EXPECT_EQ(parse_family(" BAM( 1, 3 ) "), bam(1, 3));
}

TEST(Family, TextOfAnotherFormIsNoFamily) {
  for (const char* text : {"", "bam", "bam(", "bam()", "bam(1)", "bam(1,)", "bam(1,3", "bam(1,3)x",
                           "trunc(1,2)", "trunc(-1)", "trunc(99999999999)", "1KVP"}) {
    EXPECT_EQ(parse_family(text), std::nullopt) << text;
  }
}

TEST(Family, AParameterOutOfRangeIsNamedWithItsRange) {
  const auto message_of = [](const char* text) -> std::string {
    try {
      parse_family(text);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message_of("bam(9,0)"), "bam(h,v) has h = 9, expected 0 to 8");
  EXPECT_EQ(message_of("bam(0,16)"), "bam(h,v) has v = 16, expected 0 to 15");
  EXPECT_EQ(message_of("trunc(8)"), "trunc(k) has k = 8, expected 0 to 7");
  EXPECT_THROW(make_netlist(bam(-1, 0)), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::arith
