#include "deepaxe/arith/segment_families.h"

#include "deepaxe/arith/circuit.h"

namespace deepaxe::arith {
namespace {

// segment * 2^shift is near a magnitude.
struct Segment {
  Word bits;
  Word shift;  // One-hot: bit s is 1 for a shift by s.
};

// The k bits from the leading one, the last of them 1; or the magnitude itself, if it has k bits.
Segment leading_segment(Circuit& circuit, const Word& magnitude, std::size_t k) {
  const std::size_t num_shifts = magnitude.size() - k + 1;
  const Word leading = circuit.leading_one(magnitude);
  Segment segment;
  segment.shift.push_back(circuit.inverse(
      circuit.any(Word(leading.begin() + static_cast<std::ptrdiff_t>(k), leading.end()))));
  for (std::size_t s = 1; s < num_shifts; ++s) segment.shift.push_back(leading[k + s - 1]);
  const Net is_short = segment.shift.front();
  for (std::size_t bit = 0; bit < k; ++bit) {
    Word terms;
    for (std::size_t s = 0; s < num_shifts; ++s) {
      terms.push_back(circuit.both(segment.shift[s], magnitude[s + bit]));
    }
    segment.bits.push_back(circuit.any(terms));
  }
  segment.bits.front() = circuit.choose(is_short, magnitude.front(), circuit.one());
  return segment;
}

// Product of unsigned numbers whose lengths add up to 16 at most.
Word unsigned_product(Circuit& circuit, const Word& x, const Word& y) {
  ColumnArray array(circuit);
  for (std::size_t i = 0; i < x.size(); ++i) array.add_word(circuit.masked(y, x[i]), i);
  Word product = array.reduce();
  product.resize(x.size() + y.size());
  return product;
}

// One-hot, one bit longer than the magnitude: bit t + 1 where bit t leads and bit t - 1 is set too,
// for t >= 2, else bit t. So 3 * 2^(t-1) goes up and 3 goes to 2.
Word nearest_power(Circuit& circuit, const Word& magnitude) {
  const Word leading = circuit.leading_one(magnitude);
  Word power(magnitude.size() + 1, circuit.zero());
  for (std::size_t t = 0; t < magnitude.size(); ++t) {
    if (t < 2) {
      power[t] = circuit.either(power[t], leading[t]);
      continue;
    }
    const Net rounds_up = circuit.both(leading[t], magnitude[t - 1]);
    const Net stays = circuit.both(leading[t], circuit.inverse(magnitude[t - 1]));
    power[t] = circuit.either(power[t], stays);
    power[t + 1] = rounds_up;
  }
  return power;
}

}  // namespace

Netlist make_drum(const FamilyValues& values) {
  const auto k = static_cast<std::size_t>(values[0]);
  return make_sign_magnitude([k](Circuit& circuit, const Word& a, const Word& b) {
    const Segment x = leading_segment(circuit, a, k);
    const Segment y = leading_segment(circuit, b, k);
    const Word product = unsigned_product(circuit, x.bits, y.bits);
    const Word shifted = circuit.shift_by_one_hot(product, x.shift, ColumnArray::kColumns);
    return circuit.shift_by_one_hot(shifted, y.shift, ColumnArray::kColumns);
  });
}

Netlist make_roba(const FamilyValues&) {
  return make_sign_magnitude([](Circuit& circuit, const Word& a, const Word& b) {
    constexpr std::size_t kColumns = ColumnArray::kColumns;
    const Word power_a = nearest_power(circuit, a);
    const Word power_b = nearest_power(circuit, b);
    ColumnArray sum(circuit);
    sum.add_word(circuit.shift_by_one_hot(b, power_a, kColumns), 0);
    sum.add_word(circuit.shift_by_one_hot(a, power_b, kColumns), 0);
    // Minus the product of the powers, modulo 2^16: its inverse and 1.
    const Word both_powers = circuit.shift_by_one_hot(power_b, power_a, kColumns);
    sum.add_word(circuit.inverted_if(both_powers, circuit.one()), 0);
    sum.add_constant(1);
    return sum.reduce();
  });
}

}  // namespace deepaxe::arith
