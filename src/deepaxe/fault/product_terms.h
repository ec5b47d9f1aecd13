// ProductTerms: a multiplier as a short sum of products of one function of each operand.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "deepaxe/arith/multiplier.h"

namespace deepaxe::fault {

/// m(a, w) = rest(w) + sum over terms t of weight_t(a) * factor_t(w), exactly. Holds for every
/// multiplier that adds rows of partial products, each gated by one bit of `a` (broken arrays,
/// truncations): rows that are shifts of one another share a term, so the exact multiplier has one
/// term and the library's circuits have at most a few. Differences of products then are vector
/// operations instead of table look-ups.
class ProductTerms {
 public:
  /// Empty where the products are not such a sum.
  static std::optional<ProductTerms> of(const arith::Multiplier& multiplier);

  std::size_t size() const noexcept { return terms_.size(); }
  /// factor_t(w); fits 16 bits as every product does.
  std::int16_t factor(std::size_t term, std::int8_t w) const noexcept {
    return terms_[term].factors[static_cast<std::uint8_t>(w)];
  }
  /// weight_t(after) - weight_t(before), in [-255, 255].
  std::int16_t step(std::size_t term, std::int8_t before, std::int8_t after) const noexcept {
    const Term& t = terms_[term];
    return static_cast<std::int16_t>(t.weights[static_cast<std::uint8_t>(after)] -
                                     t.weights[static_cast<std::uint8_t>(before)]);
  }

 private:
  struct Term {
    int low_bit = 0;                          // Of `a`: the least whose row this is.
    std::array<std::int16_t, 256> factors;    // By the bit pattern of w: the row of low_bit.
    std::array<std::int16_t, 256> weights{};  // By the bit pattern of a.
  };
  std::vector<Term> terms_;
};

}  // namespace deepaxe::fault
