// Products of a circuit, 512 operand pairs at a time, with or without a fault.
#include <array>
#include <cstddef>
#include <optional>

#include "deepaxe/arith/netlist.h"
#include "deepaxe/base/assertion.h"

namespace deepaxe::arith {
namespace {

constexpr std::size_t kWords = 8;
// One net of 512 operand pairs: pair p is bit p % 64 of word p / 64.
using Lanes = std::array<std::uint64_t, kWords>;

// Bit i of each of the numbers 0..63, for i = 0..5.
constexpr std::array<std::uint64_t, 6> kCounting = {0xAAAA'AAAA'AAAA'AAAA, 0xCCCC'CCCC'CCCC'CCCC,
                                                    0xF0F0'F0F0'F0F0'F0F0, 0xFF00'FF00'FF00'FF00,
                                                    0xFFFF'0000'FFFF'0000, 0xFFFF'FFFF'0000'0000};

// Pairs 64 * word ... 64 * word + 63 of the table (a << 8 | b, as Multiplier::index): the low 6
// bits of the pair are the low 6 bits of `b`, the rest is constant within the word.
std::uint64_t input_word(unsigned net, std::size_t word) {
  const unsigned bit = net < 8 ? net + 8 : net - 8;
  if (bit < 6) return kCounting[bit];
  return (word * 64 >> bit & 1) != 0 ? ~std::uint64_t{0} : 0;
}

void disturb(NetFault::Kind kind, Lanes& lanes) {
  for (std::uint64_t& word : lanes) {
    word = kind == NetFault::Kind::kInverted   ? ~word
           : kind == NetFault::Kind::kStuckAt1 ? ~std::uint64_t{0}
                                               : 0;
  }
}

void evaluate_into(const Gate& gate, const Lanes& a, const Lanes& b, Lanes& out) {
  for (std::size_t i = 0; i < kWords; ++i) out[i] = evaluate_gate(gate.kind, a[i], b[i]);
}

// values[net] for the pairs that start at `first_word`.
void evaluate_lanes(const Netlist& netlist, const std::optional<NetFault>& fault,
                    std::size_t first_word, std::vector<Lanes>& values) {
  for (unsigned net = 0; net < Netlist::kNumInputs; ++net) {
    for (std::size_t i = 0; i < kWords; ++i) values[net][i] = input_word(net, first_word + i);
    if (fault && fault->net == net) disturb(fault->kind, values[net]);
  }
  for (std::size_t g = 0; g < netlist.gates.size(); ++g) {
    const Gate& gate = netlist.gates[g];
    Lanes& out = values[Netlist::kNumInputs + g];
    evaluate_into(gate, values[gate.a], values[gate.b], out);
    if (fault && fault->net == Netlist::kNumInputs + g) disturb(fault->kind, out);
  }
}

// The 8 x 8 bits of `block`, byte r its row r, with rows and columns exchanged.
// Source: Warren, Hacker's Delight, 7-3.
std::uint64_t transpose_8x8(std::uint64_t block) {
  const auto exchange = [&block](int distance, std::uint64_t mask) {
    const std::uint64_t moved = (block ^ block >> distance) & mask;
    block ^= moved ^ moved << distance;
  };
  exchange(7, 0x00AA'00AA'00AA'00AA);
  exchange(14, 0x0000'CCCC'0000'CCCC);
  exchange(28, 0x0000'0000'F0F0'F0F0);
  return block;
}

// Bits 8 * byte ... 8 * byte + 7 of the 16 output words, as 8 products.
void write_products(const std::array<std::uint64_t, 16>& outputs, unsigned byte,
                    std::int16_t* products) {
  std::uint64_t low = 0, high = 0;
  for (unsigned j = 0; j < 8; ++j) {
    low |= (outputs[j] >> 8 * byte & 0xFF) << 8 * j;
    high |= (outputs[j + 8] >> 8 * byte & 0xFF) << 8 * j;
  }
  low = transpose_8x8(low);
  high = transpose_8x8(high);
  for (unsigned p = 0; p < 8; ++p) {
    const auto bits =
        static_cast<std::uint16_t>((low >> 8 * p & 0xFF) | (high >> 8 * p & 0xFF) << 8);
    products[p] = static_cast<std::int16_t>(bits);
  }
}

std::vector<std::int16_t> tabulate_with(const Netlist& netlist,
                                        const std::optional<NetFault>& fault) {
  std::vector<std::int16_t> products(std::size_t{256} * 256);
  std::vector<Lanes> values(netlist.num_nets());
  for (std::size_t word = 0; word < products.size() / 64; word += kWords) {
    evaluate_lanes(netlist, fault, word, values);
    for (std::size_t i = 0; i < kWords; ++i) {
      std::array<std::uint64_t, 16> outputs;
      for (std::size_t j = 0; j < outputs.size(); ++j) outputs[j] = values[netlist.outputs[j]][i];
      for (unsigned byte = 0; byte < 8; ++byte) {
        write_products(outputs, byte, &products[(word + i) * 64 + byte * 8]);
      }
    }
  }
  return products;
}

}  // namespace

std::vector<std::int16_t> tabulate(const Netlist& netlist) {
  return tabulate_with(netlist, std::nullopt);
}

std::vector<std::int16_t> tabulate(const Netlist& netlist, const NetFault& fault) {
  DEEPAXE_ASSERT(fault.net < netlist.num_nets());
  return tabulate_with(netlist, fault);
}

}  // namespace deepaxe::arith
