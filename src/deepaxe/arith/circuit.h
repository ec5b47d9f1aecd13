// Circuit: a netlist under construction, with the building blocks of arithmetic circuits.
// Source of the blocks: Parhami, Computer Arithmetic, 2nd ed., Oxford, 2010, chapters 5 and 9
// to 11.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

using Net = std::uint32_t;
/// Bits of a number, LSB first. A one-hot word has at most one bit that is 1.
using Word = std::vector<Net>;

/// Gates are neither folded nor shared while building; `finish` simplifies once.
class Circuit {
 public:
  Net gate(GateKind kind, Net a = 0, Net b = 0);
  Net zero() { return gate(GateKind::kConst0); }
  Net one() { return gate(GateKind::kConst1); }
  Net inverse(Net a) { return gate(GateKind::kNot, a); }
  Net both(Net a, Net b) { return gate(GateKind::kAnd, a, b); }
  Net either(Net a, Net b) { return gate(GateKind::kOr, a, b); }
  Net differ(Net a, Net b) { return gate(GateKind::kXor, a, b); }
  Net choose(Net select, Net if_one, Net if_zero);
  Net any(const Word& word);  ///< OR of all bits; 0 of none.

  Word masked(const Word& word, Net enable);       ///< word, or 0 where enable is 0.
  Word inverted_if(const Word& word, Net invert);  ///< Every bit XOR invert.
  /// As many bits as `word`: modulo 2^size.
  Word negated_if(const Word& word, Net negate);
  /// x + y + carry_in, one bit longer than the longer of the two.
  Word add(const Word& x, const Word& y, Net carry_in);

  /// One-hot: bit i is 1 if bit i is the highest 1 of `word`. All 0 for 0.
  Word leading_one(const Word& word);
  /// Number of the bit that is 1 in a one-hot word; `num_bits` long; 0 if none is.
  Word encode(const Word& one_hot, std::size_t num_bits);
  /// word * 2^i for the bit i that is 1, 0 if none is; the product's low `num_bits`.
  Word shift_by_one_hot(const Word& word, const Word& one_hot, std::size_t num_bits);
  /// word * 2^amount, the low `num_bits` of it.
  Word shift_left(const Word& word, const Word& amount, std::size_t num_bits);

  /// The simplified netlist with these product bits; missing ones are 0, bits above 15 are ignored.
  Netlist finish(const Word& product);

 private:
  Netlist netlist_;
};

/// Bits of the two operands, 8 each.
Word first_operand();
Word second_operand();

/// The nets of each weight 2^c that are still to be added up; sums are modulo 2^16.
class ColumnArray {
 public:
  static constexpr std::size_t kColumns = 16;

  explicit ColumnArray(Circuit& circuit) : circuit_(circuit) {}

  void add(std::size_t column, Net net) { columns_[column].push_back(net); }
  void add_constant(std::uint32_t value);
  /// An unsigned number times 2^first_column; bits beyond the last column are dropped.
  void add_word(const Word& word, std::size_t first_column);
  /// The same for two's complement: the top bit has a negative weight.
  void add_signed_word(const Word& word, std::size_t first_column);

  /// Full and half adders column by column from the LSB, the oldest nets first. To be called once.
  Word reduce();

 private:
  void add_up(std::size_t column);

  Circuit& circuit_;
  std::array<std::vector<Net>, kColumns> columns_;
};

/// A signed multiplier around an unsigned one: `core` gets the magnitudes, 8 bits each and at most
/// 128, and its product gets the sign, with exact negations before and after.
Netlist make_sign_magnitude(
    const std::function<Word(Circuit&, const Word& a, const Word& b)>& core);

}  // namespace deepaxe::arith
