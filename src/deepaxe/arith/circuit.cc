#include "deepaxe/arith/circuit.h"

#include <algorithm>
#include <utility>

#include "deepaxe/base/assertion.h"

namespace deepaxe::arith {
namespace {

constexpr Net kOperandBits = 8;

Word operand(Net first_net) {
  Word bits(kOperandBits);
  for (Net i = 0; i < kOperandBits; ++i) bits[i] = first_net + i;
  return bits;
}

}  // namespace

Word first_operand() { return operand(0); }
Word second_operand() { return operand(kOperandBits); }

Net Circuit::gate(GateKind kind, Net a, Net b) {
  netlist_.gates.push_back({kind, a, b});
  return Netlist::kNumInputs + static_cast<Net>(netlist_.gates.size()) - 1;
}

Net Circuit::choose(Net select, Net if_one, Net if_zero) {
  const Net on = both(select, if_one);
  const Net off = both(inverse(select), if_zero);
  return either(on, off);
}

Net Circuit::any(const Word& word) {
  if (word.empty()) return zero();
  Net result = word.front();
  for (std::size_t i = 1; i < word.size(); ++i) result = either(result, word[i]);
  return result;
}

Word Circuit::masked(const Word& word, Net enable) {
  Word result;
  result.reserve(word.size());
  for (const Net bit : word) result.push_back(both(bit, enable));
  return result;
}

Word Circuit::inverted_if(const Word& word, Net invert) {
  Word result;
  result.reserve(word.size());
  for (const Net bit : word) result.push_back(differ(bit, invert));
  return result;
}

Word Circuit::negated_if(const Word& word, Net negate) {
  Word sum = add(inverted_if(word, negate), {}, negate);
  sum.resize(word.size());
  return sum;
}

Word Circuit::add(const Word& x, const Word& y, Net carry_in) {
  Word sum;
  Net carry = carry_in;
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const Net a = i < x.size() ? x[i] : zero();
    const Net b = i < y.size() ? y[i] : zero();
    const Net half_sum = differ(a, b);
    sum.push_back(differ(half_sum, carry));
    const Net generated = both(a, b);
    const Net propagated = both(half_sum, carry);
    carry = either(generated, propagated);
  }
  sum.push_back(carry);
  return sum;
}

Word Circuit::leading_one(const Word& word) {
  Word one_hot(word.size());
  Net none_above = one();
  for (std::size_t i = word.size(); i-- > 0;) {
    one_hot[i] = both(word[i], none_above);
    none_above = both(none_above, inverse(word[i]));
  }
  return one_hot;
}

Word Circuit::encode(const Word& one_hot, std::size_t num_bits) {
  Word number;
  for (std::size_t bit = 0; bit < num_bits; ++bit) {
    Word members;
    for (std::size_t i = 0; i < one_hot.size(); ++i) {
      if ((i >> bit & 1) != 0) members.push_back(one_hot[i]);
    }
    number.push_back(any(members));
  }
  return number;
}

Word Circuit::shift_by_one_hot(const Word& word, const Word& one_hot, std::size_t num_bits) {
  Word result;
  for (std::size_t bit = 0; bit < num_bits; ++bit) {
    Word terms;
    for (std::size_t i = 0; i < one_hot.size() && i <= bit; ++i) {
      if (bit - i < word.size()) terms.push_back(both(one_hot[i], word[bit - i]));
    }
    result.push_back(any(terms));
  }
  return result;
}

Word Circuit::shift_left(const Word& word, const Word& amount, std::size_t num_bits) {
  Word result = word;
  result.resize(num_bits, zero());
  for (std::size_t stage = 0; stage < amount.size(); ++stage) {
    const std::size_t distance = std::size_t{1} << stage;
    Word shifted(num_bits);
    for (std::size_t i = 0; i < num_bits; ++i) {
      shifted[i] = choose(amount[stage], i >= distance ? result[i - distance] : zero(), result[i]);
    }
    result = std::move(shifted);
  }
  return result;
}

Netlist Circuit::finish(const Word& product) {
  for (std::size_t j = 0; j < netlist_.outputs.size(); ++j) {
    netlist_.outputs[j] = j < product.size() ? product[j] : zero();
  }
  return simplify(netlist_);
}

void ColumnArray::add_constant(std::uint32_t value) {
  for (std::size_t column = 0; column < kColumns; ++column) {
    if ((value >> column & 1) != 0) add(column, circuit_.one());
  }
}

void ColumnArray::add_word(const Word& word, std::size_t first_column) {
  for (std::size_t i = 0; i < word.size() && first_column + i < kColumns; ++i) {
    add(first_column + i, word[i]);
  }
}

// -w x = w (not x) - w, where w is the weight of the top bit.
void ColumnArray::add_signed_word(const Word& word, std::size_t first_column) {
  DEEPAXE_ASSERT(!word.empty());
  const std::size_t top = first_column + word.size() - 1;
  add_word(Word(word.begin(), word.end() - 1), first_column);
  if (top >= kColumns) return;
  add(top, circuit_.inverse(word.back()));
  add_constant(0U - (std::uint32_t{1} << top));
}

Word ColumnArray::reduce() {
  Word sum;
  for (std::size_t column = 0; column < kColumns; ++column) {
    while (columns_[column].size() > 1) add_up(column);
    sum.push_back(columns_[column].empty() ? circuit_.zero() : columns_[column].front());
  }
  return sum;
}

// One full adder of the first three nets, or one half adder of two.
void ColumnArray::add_up(std::size_t column) {
  std::vector<Net>& nets = columns_[column];
  const bool is_full = nets.size() >= 3;
  const Net half_sum = circuit_.differ(nets[0], nets[1]);
  Net carry = circuit_.both(nets[0], nets[1]);
  Net sum = half_sum;
  if (is_full) {
    sum = circuit_.differ(half_sum, nets[2]);
    carry = circuit_.either(carry, circuit_.both(half_sum, nets[2]));
  }
  nets.erase(nets.begin(), nets.begin() + (is_full ? 3 : 2));
  nets.push_back(sum);
  if (column + 1 < kColumns) add(column + 1, carry);
}

Netlist make_sign_magnitude(
    const std::function<Word(Circuit&, const Word& a, const Word& b)>& core) {
  Circuit circuit;
  const Word a = first_operand();
  const Word b = second_operand();
  const Net is_negative = circuit.differ(a.back(), b.back());
  const Word magnitude_a = circuit.negated_if(a, a.back());
  const Word magnitude_b = circuit.negated_if(b, b.back());
  Word product = core(circuit, magnitude_a, magnitude_b);
  product.resize(ColumnArray::kColumns, circuit.zero());
  return circuit.finish(circuit.negated_if(product, is_negative));
}

}  // namespace deepaxe::arith
