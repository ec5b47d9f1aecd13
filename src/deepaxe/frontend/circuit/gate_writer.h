// GateWriter: builds a netlist by bits and words; constants are known and cost no gate.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::frontend::circuit {

/// A net of the netlist that is being built, or one of the two constants.
using Net = std::uint32_t;
inline constexpr Net kZero = 0xFFFF'FFFE;
inline constexpr Net kOne = 0xFFFF'FFFF;

/// Bits, the least significant first.
using Word = std::vector<Net>;

/// The number that `word` is, if all its bits are constants and it has at most 64.
std::optional<std::uint64_t> constant_value(const Word& word);
Word constant_word(std::uint64_t value, std::size_t width);
/// `word` cut or extended, with its sign bit if `is_signed`.
Word resize(Word word, std::size_t width, bool is_signed);

/// Operands of word operations have equal widths, which is the width of the result.
class GateWriter {
 public:
  /// `file` is named in the base::InputError that is thrown where the netlist grows beyond 200,000
  /// gates.
  explicit GateWriter(std::string file) : file_(std::move(file)) {}

  Net bit_not(Net a);
  Net bit_and(Net a, Net b);
  Net bit_or(Net a, Net b);
  Net bit_xor(Net a, Net b);
  Net mux(Net select, Net if_one, Net if_zero);

  Word word_not(const Word& a);
  Word add(const Word& a, const Word& b, Net carry = kZero);
  Word subtract(const Word& a, const Word& b);
  Word multiply(const Word& a, const Word& b);  ///< As rows of gates added up.
  Word mux(Net select, const Word& if_one, const Word& if_zero);
  Net any(const Word& a);     ///< Some bit is 1.
  Net all(const Word& a);     ///< Every bit is 1.
  Net parity(const Word& a);  ///< An odd number of bits are 1.
  Net equal(const Word& a, const Word& b);
  Net less(const Word& a, const Word& b, bool is_signed);

  /// Nets of `netlist` whose inputs are `inputs`, 16 of them; returns its 16 outputs.
  Word embed(const arith::Netlist& netlist, const Word& inputs);

  /// Calls of multiply() with two words that are no constants.
  int num_products() const noexcept { return num_products_; }

  /// The simplified netlist of these 16 outputs. The writer goes on as it was.
  arith::Netlist netlist(std::span<const Net> outputs) const;

 private:
  Net gate(arith::GateKind kind, Net a, Net b);

  std::string file_;
  std::vector<arith::Gate> gates_;
  int num_products_ = 0;
};

}  // namespace deepaxe::frontend::circuit
