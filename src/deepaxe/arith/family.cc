#include "deepaxe/arith/family.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace deepaxe::arith {
namespace {

constexpr int kBits = 8;
constexpr int kSignBit = kBits - 1;
constexpr std::size_t kColumns = 16;  // Of a product.

void check_range(std::string_view family, std::string_view name, int value, int high) {
  if (value >= 0 && value <= high) return;
  throw std::invalid_argument(
      fmt::format("{} has {} = {}, expected 0 to {}", family, name, value, high));
}

void check(const Family& family) {
  if (family.kind == FamilyKind::kTrunc) return check_range("trunc(k)", "k", family.k, 7);
  check_range("bam(h,v)", "h", family.h, 8);
  check_range("bam(h,v)", "v", family.v, 15);
}

// Partial product (i, j), i a bit of the first operand, is part of the array.
bool is_kept(const Family& family, int i, int j) {
  if (family.kind == FamilyKind::kTrunc) return i >= family.k && j >= family.k;
  return i >= family.h && i + j >= family.v;
}

// The nets of each weight 2^c that are still to be added up.
class ColumnArray {
 public:
  void add(std::size_t column, GateKind kind, std::uint32_t a, std::uint32_t b) {
    columns_[column].push_back(gate(kind, a, b));
  }
  void add_constant(std::uint32_t value) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      if ((value >> column & 1) != 0) add(column, GateKind::kConst1, 0, 0);
    }
  }

  // Adders column by column from the LSB, the oldest nets first; carries out of the last column
  // are dropped: products are modulo 2^16.
  Netlist reduce() {
    for (std::size_t column = 0; column < kColumns; ++column) {
      while (columns_[column].size() > 1) add_up(column);
      netlist_.outputs[column] =
          columns_[column].empty() ? gate(GateKind::kConst0, 0, 0) : columns_[column].front();
    }
    return netlist_;
  }

 private:
  std::uint32_t gate(GateKind kind, std::uint32_t a, std::uint32_t b) {
    netlist_.gates.push_back({kind, a, b});
    return Netlist::kNumInputs + static_cast<std::uint32_t>(netlist_.gates.size()) - 1;
  }

  // One full adder of the first three nets, or one half adder of two.
  void add_up(std::size_t column) {
    std::vector<std::uint32_t>& nets = columns_[column];
    const bool is_full = nets.size() >= 3;
    const std::uint32_t half_sum = gate(GateKind::kXor, nets[0], nets[1]);
    std::uint32_t carry = gate(GateKind::kAnd, nets[0], nets[1]);
    std::uint32_t sum = half_sum;
    if (is_full) {
      sum = gate(GateKind::kXor, half_sum, nets[2]);
      carry = gate(GateKind::kOr, carry, gate(GateKind::kAnd, half_sum, nets[2]));
    }
    nets.erase(nets.begin(), nets.begin() + (is_full ? 3 : 2));
    nets.push_back(sum);
    if (column + 1 < kColumns) columns_[column + 1].push_back(carry);
  }

  Netlist netlist_;
  std::array<std::vector<std::uint32_t>, kColumns> columns_;
};

// Reads digits at the front of `text`; nothing if there are none.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || text.empty() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view token) {
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

std::optional<Family> parse_parameters(FamilyKind kind, std::string_view rest) {
  Family family{.kind = kind};
  const std::optional<int> first = take_number(rest);
  if (!first) return std::nullopt;
  if (kind == FamilyKind::kTrunc) {
    family.k = *first;
  } else {
    family.h = *first;
    if (!take(rest, ",")) return std::nullopt;
    const std::optional<int> second = take_number(rest);
    if (!second) return std::nullopt;
    family.v = *second;
  }
  if (rest != ")") return std::nullopt;
  return family;
}

}  // namespace

std::string to_string(const Family& family) {
  if (family.kind == FamilyKind::kTrunc) return fmt::format("trunc({})", family.k);
  return fmt::format("bam({},{})", family.h, family.v);
}

std::optional<Family> parse_family(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0) compact += static_cast<char>(std::tolower(byte));
  }
  std::string_view rest = compact;
  std::optional<Family> family;
  if (take(rest, "bam(")) {
    family = parse_parameters(FamilyKind::kBam, rest);
  } else if (take(rest, "trunc(")) {
    family = parse_parameters(FamilyKind::kTrunc, rest);
  }
  if (family) check(*family);
  return family;
}

// Baugh-Wooley: a partial product with exactly one sign bit has a negative weight, and
// -w * (x and y) = w * (x nand y) - w. So it enters as a NAND, and all the -w are summed into one
// constant, modulo 2^16. A dropped partial product is dropped with its share of the constant:
// it counts as 0, not as the NAND of 0.
Netlist make_netlist(const Family& family) {
  check(family);
  ColumnArray array;
  std::uint32_t constant = 0;
  for (int i = 0; i < kBits; ++i) {
    for (int j = 0; j < kBits; ++j) {
      if (!is_kept(family, i, j)) continue;
      const auto column = static_cast<std::size_t>(i) + static_cast<std::size_t>(j);
      const bool is_negative = (i == kSignBit) != (j == kSignBit);
      if (is_negative) constant -= std::uint32_t{1} << column;
      array.add(column, is_negative ? GateKind::kNand : GateKind::kAnd,
                static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(kBits + j));
    }
  }
  array.add_constant(constant & 0xFFFF);
  return simplify(array.reduce());
}

}  // namespace deepaxe::arith
