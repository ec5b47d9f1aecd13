#include "deepaxe/arith/structure.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "deepaxe/arith/error_rank.h"

namespace deepaxe::arith {
namespace {

// m and its error for operands given as numbers from -128 to 127.
class Table {
 public:
  explicit Table(const Multiplier& multiplier) : multiplier_(multiplier) {}

  int product(int a, int b) const {
    return multiplier_(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
  }
  int error(int a, int b) const { return product(a, b) - a * b; }

  /// True if the relation holds for all a, b in [low, 127].
  bool always(int low, const std::function<bool(int a, int b)>& relation) const {
    for (int a = low; a <= 127; ++a) {
      for (int b = low; b <= 127; ++b) {
        if (!relation(a, b)) return false;
      }
    }
    return true;
  }

 private:
  const Multiplier& multiplier_;
};

int with_bit_flipped(int value, int bit) { return static_cast<std::int8_t>(value ^ 1 << bit); }

std::uint8_t bits_that_matter(const std::function<bool(int bit)>& matters) {
  unsigned mask = 0;
  for (int bit = 0; bit < 8; ++bit) {
    if (matters(bit)) mask |= 1U << bit;
  }
  return static_cast<std::uint8_t>(mask);
}

bool is_sum(const Table& table) {
  return table.always(-128, [&](int a, int b) {
    return table.error(a, b) == table.error(a, 0) + table.error(0, b) - table.error(0, 0);
  });
}

Separability separability_of(const Structure& structure, const Table& table) {
  if (structure.error_rank == 0) return Separability::kExact;
  if (structure.first_operand_bits == 0 || structure.second_operand_bits == 0) {
    return Separability::kOneOperand;
  }
  if (structure.error_rank == 1) return Separability::kProduct;
  return is_sum(table) ? Separability::kSum : Separability::kNone;
}

}  // namespace

Structure analyze_structure(const Multiplier& multiplier) {
  const Table table(multiplier);
  Structure structure;
  structure.error_rank = error_rank(multiplier);
  structure.first_operand_bits = bits_that_matter([&](int bit) {
    return !table.always(-128, [&](int a, int b) {
      return table.error(a, b) == table.error(with_bit_flipped(a, bit), b);
    });
  });
  structure.second_operand_bits = bits_that_matter([&](int bit) {
    return !table.always(-128, [&](int a, int b) {
      return table.error(a, b) == table.error(a, with_bit_flipped(b, bit));
    });
  });
  structure.separability = separability_of(structure, table);
  structure.commutes =
      table.always(-128, [&](int a, int b) { return table.product(a, b) == table.product(b, a); });
  structure.is_odd = table.always(-127, [&](int a, int b) {
    return table.product(-a, b) == -table.product(a, b) &&
           table.product(a, -b) == -table.product(a, b);
  });
  for (int x = -128; x <= 127; ++x) {
    structure.zero_first_lsb = std::max(structure.zero_first_lsb, std::abs(table.product(0, x)));
    structure.zero_second_lsb = std::max(structure.zero_second_lsb, std::abs(table.product(x, 0)));
  }
  return structure;
}

}  // namespace deepaxe::arith
