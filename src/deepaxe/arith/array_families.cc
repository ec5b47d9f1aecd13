#include "deepaxe/arith/array_families.h"

#include <cstdint>

#include "deepaxe/arith/circuit.h"

namespace deepaxe::arith {
namespace {

constexpr std::size_t kBits = 8;
constexpr std::size_t kSignBit = kBits - 1;

Net partial_product(Circuit& circuit, std::size_t i, std::size_t j, GateKind kind) {
  return circuit.gate(kind, first_operand()[i], second_operand()[j]);
}

// Adds the partial products (i, j) for which is_kept(i, j), row by row.
//
// Baugh-Wooley: a partial product with exactly one sign bit has a negative weight, and
// -w * (x and y) = w * (x nand y) - w. So it enters as a NAND, and all the -w are summed into one
// constant, modulo 2^16. A dropped partial product is dropped with its share of the constant:
// it counts as 0, not as the NAND of 0.
template <typename IsKept>
void add_partial_products(Circuit& circuit, ColumnArray& array, IsKept is_kept) {
  std::uint32_t constant = 0;
  for (std::size_t i = 0; i < kBits; ++i) {
    for (std::size_t j = 0; j < kBits; ++j) {
      if (!is_kept(i, j)) continue;
      const bool is_negative = (i == kSignBit) != (j == kSignBit);
      if (is_negative) constant -= std::uint32_t{1} << (i + j);
      array.add(i + j,
                partial_product(circuit, i, j, is_negative ? GateKind::kNand : GateKind::kAnd));
    }
  }
  array.add_constant(constant & 0xFFFF);
}

std::size_t to_size(int value) { return static_cast<std::size_t>(value); }

}  // namespace

Netlist make_bam(const FamilyValues& values) {
  const std::size_t h = to_size(values[0]);
  const std::size_t v = to_size(values[1]);
  Circuit circuit;
  ColumnArray array(circuit);
  add_partial_products(circuit, array,
                       [=](std::size_t i, std::size_t j) { return i >= h && i + j >= v; });
  return circuit.finish(array.reduce());
}

Netlist make_trunc(const FamilyValues& values) {
  const std::size_t k = to_size(values[0]);
  Circuit circuit;
  ColumnArray array(circuit);
  add_partial_products(circuit, array,
                       [=](std::size_t i, std::size_t j) { return i >= k && j >= k; });
  return circuit.finish(array.reduce());
}

// Row i has a bit in column c < k <= 7 for i <= c, always a positive one.
Netlist make_loa(const FamilyValues& values) {
  const std::size_t k = to_size(values[0]);
  Circuit circuit;
  ColumnArray array(circuit);
  for (std::size_t column = 0; column < k; ++column) {
    Net sum = partial_product(circuit, 0, column, GateKind::kAnd);
    for (std::size_t i = 1; i <= column; ++i) {
      const Net bit = partial_product(circuit, i, column - i, GateKind::kAnd);
      if (column + 1 == k) array.add(k, circuit.both(sum, bit));
      sum = circuit.either(sum, bit);
    }
    array.add(column, sum);
  }
  add_partial_products(circuit, array, [=](std::size_t i, std::size_t j) { return i + j >= k; });
  return circuit.finish(array.reduce());
}

// A partial product of random bits is 1 once in four times, and column c < 8 has c + 1 of them: the
// mean of the columns below t is ((t - 1) 2^t + 1) / 4.
Netlist make_tcc(const FamilyValues& values) {
  const auto t = static_cast<unsigned>(values[0]);
  const std::uint32_t mean_times_4 = ((t - 1) << t) + 1;
  const std::uint32_t half = 2U << t;  // Of 4 * 2^t; a tie cannot be: the mean is no integer.
  const std::uint32_t constant = (mean_times_4 + half) >> (t + 2) << t;
  Circuit circuit;
  ColumnArray array(circuit);
  add_partial_products(circuit, array, [=](std::size_t i, std::size_t j) { return i + j >= t; });
  array.add_constant(constant);
  return circuit.finish(array.reduce());
}

Netlist make_tvc(const FamilyValues& values) {
  const std::size_t t = to_size(values[0]);
  Circuit circuit;
  ColumnArray array(circuit);
  for (std::size_t i = 0; i < t; ++i) {
    array.add(t, partial_product(circuit, i, t - 1 - i, GateKind::kAnd));
  }
  add_partial_products(circuit, array, [=](std::size_t i, std::size_t j) { return i + j >= t; });
  return circuit.finish(array.reduce());
}

}  // namespace deepaxe::arith
