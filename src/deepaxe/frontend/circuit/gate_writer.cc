#include "deepaxe/frontend/circuit/gate_writer.h"

#include <algorithm>
#include <cstddef>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

using arith::GateKind;

constexpr std::size_t kMaxGates = 200'000;  // 1,024 evaluations of these take a second.

Net to_constant(bool value) { return value ? kOne : kZero; }

// The two-input kind whose output is the opposite; nothing of other kinds.
std::optional<GateKind> inverse_kind(GateKind kind) {
  switch (kind) {
    case GateKind::kAnd:
      return GateKind::kNand;
    case GateKind::kOr:
      return GateKind::kNor;
    case GateKind::kXor:
      return GateKind::kXnor;
    case GateKind::kNand:
      return GateKind::kAnd;
    case GateKind::kNor:
      return GateKind::kOr;
    case GateKind::kXnor:
      return GateKind::kXor;
    case GateKind::kConst0:
    case GateKind::kConst1:
    case GateKind::kNot:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> constant_value(const Word& word) {
  if (word.size() > 64) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != kZero && word[i] != kOne) return std::nullopt;
    if (word[i] == kOne) value |= std::uint64_t{1} << i;
  }
  return value;
}

Word constant_word(std::uint64_t value, std::size_t width) {
  Word word(width, kZero);
  for (std::size_t i = 0; i < std::min<std::size_t>(width, 64); ++i) {
    word[i] = to_constant((value >> i & 1) != 0);
  }
  return word;
}

Word resize(Word word, std::size_t width, bool is_signed) {
  const Net extension = is_signed && !word.empty() ? word.back() : kZero;
  word.resize(width, extension);
  return word;
}

Net GateWriter::gate(GateKind kind, Net a, Net b) {
  if (gates_.size() == kMaxGates) {
    throw base::InputError({file_, "", "a circuit of more than 200000 gates", "a multiplier"});
  }
  gates_.push_back({kind, a, b});
  return arith::Netlist::kNumInputs + static_cast<Net>(gates_.size()) - 1;
}

Net GateWriter::bit_not(Net a) {
  if (a == kZero || a == kOne) return to_constant(a == kZero);
  if (a >= arith::Netlist::kNumInputs) {
    // As large as an inverter, and the gate behind it may be left without a reader.
    const arith::Gate inverted = gates_[a - arith::Netlist::kNumInputs];
    if (const auto kind = inverse_kind(inverted.kind)) return gate(*kind, inverted.a, inverted.b);
  }
  return gate(GateKind::kNot, a, 0);
}

Net GateWriter::bit_and(Net a, Net b) {
  if (a == kZero || b == kZero) return kZero;
  if (a == kOne || a == b) return b;
  if (b == kOne) return a;
  return gate(GateKind::kAnd, a, b);
}

Net GateWriter::bit_or(Net a, Net b) {
  if (a == kOne || b == kOne) return kOne;
  if (a == kZero || a == b) return b;
  if (b == kZero) return a;
  return gate(GateKind::kOr, a, b);
}

Net GateWriter::bit_xor(Net a, Net b) {
  if (a == b) return kZero;
  if (a == kZero) return b;
  if (b == kZero) return a;
  if (a == kOne) return bit_not(b);
  if (b == kOne) return bit_not(a);
  return gate(GateKind::kXor, a, b);
}

Net GateWriter::mux(Net select, Net if_one, Net if_zero) {
  if (if_one == if_zero) return if_one;
  return bit_or(bit_and(select, if_one), bit_and(bit_not(select), if_zero));
}

Word GateWriter::word_not(const Word& a) {
  Word result;
  for (const Net bit : a) result.push_back(bit_not(bit));
  return result;
}

Word GateWriter::add(const Word& a, const Word& b, Net carry) {
  DEEPAXE_ASSERT(a.size() == b.size());
  Word sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Net half = bit_xor(a[i], b[i]);
    sum.push_back(bit_xor(half, carry));
    if (i + 1 < a.size()) carry = bit_or(bit_and(a[i], b[i]), bit_and(half, carry));
  }
  return sum;
}

Word GateWriter::subtract(const Word& a, const Word& b) { return add(a, word_not(b), kOne); }

Word GateWriter::multiply(const Word& a, const Word& b) {
  DEEPAXE_ASSERT(a.size() == b.size());
  num_products_ += !constant_value(a) && !constant_value(b);
  Word product(a.size(), kZero);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == kZero) continue;
    Word partial(a.size(), kZero);
    for (std::size_t j = 0; i + j < a.size(); ++j) partial[i + j] = bit_and(a[i], b[j]);
    product = add(product, partial);
  }
  return product;
}

Word GateWriter::mux(Net select, const Word& if_one, const Word& if_zero) {
  DEEPAXE_ASSERT(if_one.size() == if_zero.size());
  Word result;
  for (std::size_t i = 0; i < if_one.size(); ++i) {
    result.push_back(mux(select, if_one[i], if_zero[i]));
  }
  return result;
}

Net GateWriter::any(const Word& a) {
  Net result = kZero;
  for (const Net bit : a) result = bit_or(result, bit);
  return result;
}

Net GateWriter::all(const Word& a) {
  Net result = kOne;
  for (const Net bit : a) result = bit_and(result, bit);
  return result;
}

Net GateWriter::parity(const Word& a) {
  Net result = kZero;
  for (const Net bit : a) result = bit_xor(result, bit);
  return result;
}

Net GateWriter::equal(const Word& a, const Word& b) {
  DEEPAXE_ASSERT(a.size() == b.size());
  Word differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(bit_xor(a[i], b[i]));
  return bit_not(any(differences));
}

// The sign of the difference in one bit more, which cannot overflow.
Net GateWriter::less(const Word& a, const Word& b, bool is_signed) {
  const std::size_t width = a.size() + 1;
  return subtract(resize(a, width, is_signed), resize(b, width, is_signed)).back();
}

Word GateWriter::embed(const arith::Netlist& netlist, const Word& inputs) {
  DEEPAXE_ASSERT(inputs.size() == arith::Netlist::kNumInputs);
  Word nets = inputs;
  for (const arith::Gate& g : netlist.gates) {
    const Net a = nets[g.a], b = nets[g.b];
    switch (g.kind) {
      case GateKind::kConst0:
        nets.push_back(kZero);
        break;
      case GateKind::kConst1:
        nets.push_back(kOne);
        break;
      case GateKind::kNot:
        nets.push_back(bit_not(a));
        break;
      case GateKind::kAnd:
        nets.push_back(bit_and(a, b));
        break;
      case GateKind::kOr:
        nets.push_back(bit_or(a, b));
        break;
      case GateKind::kXor:
        nets.push_back(bit_xor(a, b));
        break;
      case GateKind::kNand:
        nets.push_back(bit_not(bit_and(a, b)));
        break;
      case GateKind::kNor:
        nets.push_back(bit_not(bit_or(a, b)));
        break;
      case GateKind::kXnor:
        nets.push_back(bit_not(bit_xor(a, b)));
        break;
    }
  }
  Word outputs;
  for (const std::uint32_t net : netlist.outputs) outputs.push_back(nets[net]);
  return outputs;
}

arith::Netlist GateWriter::netlist(std::span<const Net> outputs) const {
  arith::Netlist result;
  DEEPAXE_ASSERT(outputs.size() == result.outputs.size());
  result.gates = gates_;
  const auto next = arith::Netlist::kNumInputs + static_cast<Net>(gates_.size());
  result.gates.push_back({GateKind::kConst0, 0, 0});
  result.gates.push_back({GateKind::kConst1, 0, 0});
  std::ranges::transform(outputs, result.outputs.begin(), [next](Net net) {
    return net == kZero ? next : net == kOne ? next + 1 : net;
  });
  return arith::simplify(result);
}

}  // namespace deepaxe::frontend::circuit
