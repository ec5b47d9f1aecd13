#include "deepaxe/frontend/circuit/sign_magnitude.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

Circuit unsigned_circuit(const std::string& expression) {
  return parse_text_file("uint64_t mul8u_x(uint64_t A, uint64_t B) { return " + expression + "; }",
                         "x.c");
}

std::vector<std::int16_t> wrapped_gate_products(const Circuit& circuit) {
  if (!circuit.netlist) throw std::invalid_argument("no netlist");
  return arith::tabulate(wrap_sign_magnitude(*circuit.netlist));
}

TEST(SignMagnitude, TheExactCircuitStaysExact) {
  const Circuit circuit = unsigned_circuit("A * B");
  EXPECT_EQ(arith::identity(wrap_sign_magnitude(circuit.table)), identity_of("exact"));
  const auto wrapped = wrapped_gate_products(circuit);
  EXPECT_EQ(arith::Multiplier(wrapped).identity(), identity_of("exact"));
}

TEST(SignMagnitude, GatesAndTableAreEqualForAnyCircuit) {
  for (const char* expression :
       {"(A * B) & ~7", "(A * B) | 1", "A * B + (A >> 4)", "(A | 3) * B"}) {
    const Circuit circuit = unsigned_circuit(expression);
    const Narrowed narrowed = narrow(wrap_sign_magnitude(circuit.table), Overflow::kRefuse, "x.c");
    EXPECT_EQ(arith::Multiplier(wrapped_gate_products(circuit)).identity(),
              narrowed.multiplier.identity())
        << expression;
  }
}

// What u makes of 0 is kept, with the sign of the other operand.
TEST(SignMagnitude, SignsAreThoseOfTheOperands) {
  const arith::ProductTable wrapped = wrap_sign_magnitude(unsigned_circuit("A * B + 5").table);
  const auto product = [&](int a, int b) {
    return wrapped
        .products[static_cast<std::size_t>(a & 255) << 8 | static_cast<std::size_t>(b & 255)];
  };
  EXPECT_EQ(product(3, 4), 17);
  EXPECT_EQ(product(-3, 4), -17);
  EXPECT_EQ(product(-3, -4), 17);
  EXPECT_EQ(product(-128, 1), -133);
  EXPECT_EQ(product(0, -4), -5);
}

TEST(SignMagnitude, ProductsBeyond16BitsAreRefusedWithThePairOrSaturated) {
  const arith::ProductTable wrapped =
      wrap_sign_magnitude(unsigned_circuit("2 * A * B + 256").table);
  try {
    narrow(wrapped, Overflow::kRefuse, "x.npy");
    FAIL() << "accepted";
  } catch (const base::InputError& error) {
    EXPECT_STREQ(error.what(),
                 "x.npy: product of -128 and -128: found 33024, expected at most 16 bits, or "
                 "--overflow saturate");
  }
  const Narrowed narrowed = narrow(wrapped, Overflow::kSaturate, "x.npy");
  EXPECT_EQ(narrowed.multiplier(-128, -128), 32767);
  EXPECT_EQ(narrowed.multiplier(3, 4), 280);
  EXPECT_GT(narrowed.num_saturated, 0);
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
