#include "deepaxe/frontend/circuit/gate_writer.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

Word first_operand() { return {0, 1, 2, 3, 4, 5, 6, 7}; }
Word second_operand() { return {8, 9, 10, 11, 12, 13, 14, 15}; }

// Compares 16 output bits with a function of all operand pairs, 0..255.
template <typename Expected>
void expect_function(const GateWriter& gates, const Word& word, Expected expected) {
  const auto products = arith::tabulate(gates.netlist(resize(word, 16, false)));
  for (std::uint32_t i = 0; i < products.size(); ++i) {
    const std::uint32_t a = i >> 8, b = i & 255;
    ASSERT_EQ(static_cast<std::uint16_t>(products[i]), static_cast<std::uint16_t>(expected(a, b)))
        << a << ", " << b;
  }
}

TEST(GateWriter, ArithmeticIsThatOfNumbers) {
  GateWriter gates("test");
  const Word a = resize(first_operand(), 16, false), b = resize(second_operand(), 16, false);
  expect_function(gates, gates.add(a, b), [](auto x, auto y) { return x + y; });
  expect_function(gates, gates.subtract(a, b), [](auto x, auto y) { return x - y; });
  expect_function(gates, gates.multiply(a, b), [](auto x, auto y) { return x * y; });
}

TEST(GateWriter, ComparisonsKnowTheSign) {
  GateWriter gates("test");
  const Word a = first_operand(), b = second_operand();
  expect_function(gates, {gates.less(a, b, false)}, [](auto x, auto y) { return x < y ? 1 : 0; });
  expect_function(gates, {gates.less(a, b, true)}, [](auto x, auto y) {
    return static_cast<std::int8_t>(x) < static_cast<std::int8_t>(y) ? 1 : 0;
  });
  expect_function(gates, {gates.equal(a, b)}, [](auto x, auto y) { return x == y ? 1 : 0; });
}

TEST(GateWriter, ConstantsCostNoGate) {
  GateWriter gates("test");
  const Word product = gates.multiply(constant_word(200, 32), constant_word(321, 32));
  EXPECT_EQ(constant_value(product), 200U * 321U);
  EXPECT_EQ(gates.bit_and(3, kOne), 3U);
  EXPECT_EQ(gates.mux(kOne, Net{4}, Net{5}), 4U);
  EXPECT_EQ(constant_value(first_operand()), std::nullopt);
}

TEST(GateWriter, EmbeddingANetlistGivesItsFunction) {
  GateWriter inner("test");
  const arith::Netlist sum = inner.netlist(
      inner.add(resize(first_operand(), 16, false), resize(second_operand(), 16, false)));
  GateWriter gates("test");
  Word swapped = second_operand();
  for (const Net net : first_operand()) swapped.push_back(gates.bit_not(net));
  expect_function(gates, gates.embed(sum, swapped), [](auto x, auto y) { return y + (255 - x); });
}

TEST(GateWriter, RefusesACircuitWithoutEnd) {
  GateWriter gates("big.c");
  Word word = resize(first_operand(), 64, true);
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i) word = gates.multiply(word, word);
      },
      base::InputError);
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
