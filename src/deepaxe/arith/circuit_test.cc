#include "deepaxe/arith/circuit.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <vector>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::arith {
namespace {

using Block = std::function<Word(Circuit&, const Word& a, const Word& b)>;
using Meaning = std::function<unsigned(unsigned a, unsigned b)>;

// Of all pairs of 8-bit patterns: those for which the block's 16 bits are not what they should be.
int num_different(const Block& block, const Meaning& meaning) {
  Circuit circuit;
  const Word word = block(circuit, first_operand(), second_operand());
  const std::vector<std::int16_t> table = tabulate(circuit.finish(word));
  int count = 0;
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      count += static_cast<std::uint16_t>(table[a << 8 | b]) != (meaning(a, b) & 0xFFFF);
    }
  }
  return count;
}

unsigned leading(unsigned a) { return std::bit_floor(a); }

TEST(Circuit, AddsWithCarry) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) { return c.add(a, b, b[3]); };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned b) { return a + b + (b >> 3 & 1); }), 0);
}

TEST(Circuit, AddsWordsOfDifferentLengths) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    return c.add(Word(a.begin(), a.begin() + 3), b, c.zero());
  };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned b) { return (a & 7) + b; }), 0);
}

TEST(Circuit, ChoosesByABit) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    return Word{c.choose(a[0], b[0], b[1])};
  };
  EXPECT_EQ(num_different(block,
                          [](unsigned a, unsigned b) { return (a & 1) != 0 ? b & 1 : b >> 1 & 1; }),
            0);
}

TEST(Circuit, NegatesModuloTheLength) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    return c.negated_if(a, b[0]);
  };
  EXPECT_EQ(num_different(
                block, [](unsigned a, unsigned b) { return ((b & 1) != 0 ? 0U - a : a) & 0xFF; }),
            0);
}

TEST(Circuit, FindsTheLeadingOne) {
  const Block block = [](Circuit& c, const Word& a, const Word&) { return c.leading_one(a); };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned) { return leading(a); }), 0);
}

TEST(Circuit, EncodesTheLeadingOne) {
  const Block block = [](Circuit& c, const Word& a, const Word&) {
    return c.encode(c.leading_one(a), 3);
  };
  EXPECT_EQ(num_different(block,
                          [](unsigned a, unsigned) {
                            return a == 0 ? 0U : static_cast<unsigned>(std::bit_width(a)) - 1;
                          }),
            0);
}

TEST(Circuit, ShiftsByAOneHotWord) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    return c.shift_by_one_hot(a, c.leading_one(b), 16);
  };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned b) { return a * leading(b); }), 0);
}

TEST(Circuit, ShiftsByANumber) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    return c.shift_left(a, Word(b.begin(), b.begin() + 4), 16);
  };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned b) { return a << (b & 15); }), 0);
}

TEST(Circuit, AnyOfNothingIsZero) {
  const Block block = [](Circuit& c, const Word& a, const Word&) {
    return Word{c.any({}), c.any(a)};
  };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned) { return a != 0 ? 2U : 0U; }), 0);
}

TEST(ColumnArray, AddsUnsignedAndSignedNumbersAndConstants) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    ColumnArray array(c);
    array.add_word(a, 1);
    array.add_signed_word(b, 3);
    array.add_constant(0x1234);
    return array.reduce();
  };
  const Meaning meaning = [](unsigned a, unsigned b) {
    return static_cast<unsigned>(2 * static_cast<int>(a) + 8 * static_cast<std::int8_t>(b) +
                                 0x1234);
  };
  EXPECT_EQ(num_different(block, meaning), 0);
}

TEST(ColumnArray, DropsWhatIsBeyondItsColumns) {
  const Block block = [](Circuit& c, const Word& a, const Word& b) {
    ColumnArray array(c);
    array.add_word(a, 12);
    array.add_signed_word(b, 9);
    return array.reduce();
  };
  EXPECT_EQ(num_different(block, [](unsigned a, unsigned b) { return (a << 12) + (b << 9); }), 0);
}

TEST(SignMagnitude, AnExactCoreMakesTheExactMultiplier) {
  const Netlist netlist = make_sign_magnitude([](Circuit& c, const Word& a, const Word& b) {
    ColumnArray array(c);
    for (std::size_t i = 0; i < a.size(); ++i) array.add_word(c.masked(b, a[i]), i);
    return array.reduce();
  });
  EXPECT_TRUE(Multiplier(tabulate(netlist)).is_exact());
}

}  // namespace
}  // namespace deepaxe::arith
