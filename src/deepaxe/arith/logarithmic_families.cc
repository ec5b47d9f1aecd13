#include "deepaxe/arith/logarithmic_families.h"

#include "deepaxe/arith/circuit.h"

namespace deepaxe::arith {
namespace {

constexpr std::size_t kFractionBits = 7;
constexpr std::size_t kCharacteristicBits = 3;

struct Logarithm {
  Word fraction;        // x * 2^7.
  Word characteristic;  // k
};

// The bit below the leading one becomes the top bit of the fraction.
Logarithm logarithm(Circuit& circuit, const Word& magnitude) {
  const Word leading = circuit.leading_one(magnitude);
  const Word reversed(leading.rbegin(), leading.rend());
  Word normalized = circuit.shift_by_one_hot(magnitude, reversed, magnitude.size());
  normalized.pop_back();  // The leading one itself.
  return {.fraction = normalized, .characteristic = circuit.encode(leading, kCharacteristicBits)};
}

// The sum of two fractions, 8 bits, by a set-one adder with `m` low bits; m = 0 is exact.
Word add_fractions(Circuit& circuit, const Word& x, const Word& y, std::size_t m) {
  if (m == 0) return circuit.add(x, y, circuit.zero());
  const auto cut = static_cast<std::ptrdiff_t>(m);
  const Net carry = circuit.both(x[m - 1], y[m - 1]);
  const Word high =
      circuit.add(Word(x.begin() + cut, x.end()), Word(y.begin() + cut, y.end()), carry);
  Word sum(m, circuit.one());
  sum.insert(sum.end(), high.begin(), high.end());
  return sum;
}

// floor(mantissa * 2^exponent / 2^7).
Word antilogarithm(Circuit& circuit, const Word& mantissa, const Word& exponent) {
  const Word shifted =
      circuit.shift_left(mantissa, exponent, ColumnArray::kColumns + kFractionBits);
  return {shifted.begin() + kFractionBits, shifted.end()};
}

// Mitchell's product with `m` set-one bits; `mantissa_of` makes 2^7 (1 + fraction) of the sum of
// the fractions, modulo 1 where that carries into the exponent.
template <typename MantissaOf>
Netlist make_logarithmic(std::size_t m, MantissaOf mantissa_of) {
  return make_sign_magnitude([=](Circuit& circuit, const Word& a, const Word& b) {
    const Logarithm x = logarithm(circuit, a);
    const Logarithm y = logarithm(circuit, b);
    const Word sum = add_fractions(circuit, x.fraction, y.fraction, m);
    const Net carry = sum.back();
    const Word exponent = circuit.add(x.characteristic, y.characteristic, carry);
    const Word product = antilogarithm(circuit, mantissa_of(circuit, sum), exponent);
    const Net a_is_not_zero = circuit.any(a);
    const Net b_is_not_zero = circuit.any(b);
    return circuit.masked(product, circuit.both(a_is_not_zero, b_is_not_zero));
  });
}

Word plain_mantissa(Circuit& circuit, const Word& sum) {
  Word mantissa = sum;
  mantissa.back() = circuit.one();
  return mantissa;
}

// 10 = 0b1010 is added without carry, 5 = 0b0101 with it. The fraction may reach 1: then the
// mantissa is between 2 and 3.
Word corrected_mantissa(Circuit& circuit, const Word& sum) {
  const Net carry = sum.back();
  const Net no_carry = circuit.inverse(carry);
  const Word correction = {carry, no_carry, carry, no_carry};
  const Word fraction(sum.begin(), sum.end() - 1);
  Word mantissa = circuit.add(fraction, correction, circuit.zero());
  const Net reaches_one = mantissa.back();
  mantissa.back() = circuit.inverse(reaches_one);
  mantissa.push_back(reaches_one);
  return mantissa;
}

}  // namespace

Netlist make_mitchell(const FamilyValues&) { return make_logarithmic(0, plain_mantissa); }

Netlist make_alm(const FamilyValues& values) {
  return make_logarithmic(static_cast<std::size_t>(values[0]), plain_mantissa);
}

Netlist make_mbm(const FamilyValues&) { return make_logarithmic(0, corrected_mantissa); }

Netlist make_ilm(const FamilyValues& values) {
  const int num_corrections = values[0];
  return make_sign_magnitude([=](Circuit& circuit, const Word& a, const Word& b) {
    constexpr std::size_t kColumns = ColumnArray::kColumns;
    ColumnArray sum(circuit);
    Word x = a;
    Word y = b;
    for (int step = 0; step <= num_corrections; ++step) {
      const Word leading_x = circuit.leading_one(x);
      const Word leading_y = circuit.leading_one(y);
      Word rest_x, rest_y;
      for (std::size_t i = 0; i < x.size(); ++i) {
        rest_x.push_back(circuit.both(x[i], circuit.inverse(leading_x[i])));
        rest_y.push_back(circuit.both(y[i], circuit.inverse(leading_y[i])));
      }
      sum.add_word(circuit.shift_by_one_hot(x, leading_y, kColumns), 0);
      sum.add_word(circuit.shift_by_one_hot(rest_y, leading_x, kColumns), 0);
      x = rest_x;
      y = rest_y;
    }
    return sum.reduce();
  });
}

}  // namespace deepaxe::arith
