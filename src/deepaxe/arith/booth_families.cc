#include "deepaxe/arith/booth_families.h"

#include "deepaxe/arith/circuit.h"

namespace deepaxe::arith {
namespace {

constexpr std::size_t kNumDigits = 4;

// A radix-4 digit: magnitude one, two or neither, and its sign.
struct Digit {
  Net is_one, is_two, is_negative;
};

// Digit j of an 8-bit number: -2 x[2j+1] + x[2j] + x[2j-1].
Digit booth_digit(Circuit& circuit, const Word& x, std::size_t j) {
  const Net below = j == 0 ? circuit.zero() : x[2 * j - 1];
  const Net low = x[2 * j];
  const Net high = x[2 * j + 1];
  const Net is_one = circuit.differ(low, below);
  const Net is_even = circuit.inverse(is_one);
  const Net is_two = circuit.both(is_even, circuit.differ(high, low));
  return {.is_one = is_one, .is_two = is_two, .is_negative = high};
}

// magnitude * (negate ? -1 : 1) * 2^column: the inverse and 1.
void add_with_sign(Circuit& circuit, ColumnArray& array, const Word& magnitude, Net negate,
                   std::size_t column) {
  array.add_signed_word(circuit.inverted_if(magnitude, negate), column);
  array.add(column, negate);
}

// digit * value * 2^column.
void add_booth_row(Circuit& circuit, ColumnArray& array, const Word& value, const Digit& digit,
                   std::size_t column) {
  Word magnitude;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const Net once = circuit.both(digit.is_one, i < value.size() ? value[i] : value.back());
    const Net twice = circuit.both(digit.is_two, i == 0 ? circuit.zero() : value[i - 1]);
    magnitude.push_back(circuit.either(once, twice));
  }
  add_with_sign(circuit, array, magnitude, digit.is_negative, column);
}

// Bits i = 0..3 of the result: the rounded magnitude of the k-bit digit is 2^(k-4+i). With t the
// magnitude in units of 2^(k-5), these are 2, 4, 8 and 16, chosen from t = 1, 3, 6 and 12 on.
Word nearest_power(Circuit& circuit, const Word& low_bits) {
  const std::size_t k = low_bits.size();
  const Word magnitude = circuit.negated_if(low_bits, low_bits.back());
  const auto unit_bit = [&](std::size_t i) {  // Bit i of t; for k = 4 a unit is half an LSB.
    return i + k < 5 ? circuit.zero() : magnitude[i + k - 5];
  };
  const Word t = {unit_bit(0), unit_bit(1), unit_bit(2), unit_bit(3), unit_bit(4)};
  Word from(4);  // from[i]: t has reached the threshold of 2^i.
  from[0] = circuit.any(t);
  from[1] = circuit.any({circuit.both(t[0], t[1]), t[2], t[3], t[4]});
  from[2] = circuit.any({circuit.both(t[1], t[2]), t[3], t[4]});
  from[3] = circuit.any({circuit.both(t[2], t[3]), t[4]});
  Word power;
  for (std::size_t i = 0; i < 3; ++i) {
    power.push_back(circuit.both(from[i], circuit.inverse(from[i + 1])));
  }
  power.push_back(from[3]);
  return power;
}

}  // namespace

Netlist make_rad(const FamilyValues& values) {
  const auto k = static_cast<std::size_t>(values[0]);
  Circuit circuit;
  const Word a = first_operand();
  const Word b = second_operand();
  const Word low_bits(b.begin(), b.begin() + values[0]);
  ColumnArray array(circuit);
  Word extended = a;
  extended.resize(a.size() + 3, a.back());  // Three shifts to the left keep its sign.
  const Word power = nearest_power(circuit, low_bits);
  add_with_sign(circuit, array, circuit.shift_by_one_hot(extended, power, extended.size()),
                low_bits.back(), k - 4);
  for (std::size_t j = k / 2; j < kNumDigits; ++j) {
    add_booth_row(circuit, array, a, booth_digit(circuit, b, j), 2 * j);
  }
  return circuit.finish(array.reduce());
}

// The rounded activation is A + r with A = a >> m and r the bit below; for r = 1 that is -(not A):
// so A is inverted and the digits' signs are flipped, and no adder is needed.
Netlist make_roup(const FamilyValues& values) {
  const auto num_dropped = static_cast<std::size_t>(values[0]);
  const auto m = static_cast<std::size_t>(values[1]);
  Circuit circuit;
  const Word a = first_operand();
  const Net rounds_up = m == 0 ? circuit.zero() : a[m - 1];
  const Word kept = circuit.inverted_if(Word(a.begin() + values[1], a.end()), rounds_up);
  ColumnArray array(circuit);
  for (std::size_t j = num_dropped; j < kNumDigits; ++j) {
    Digit digit = booth_digit(circuit, second_operand(), j);
    digit.is_negative = circuit.differ(digit.is_negative, rounds_up);
    add_booth_row(circuit, array, kept, digit, m + 2 * j);
  }
  return circuit.finish(array.reduce());
}

}  // namespace deepaxe::arith
