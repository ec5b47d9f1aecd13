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
/// operations instead of table look-ups. Factors are as small as their weights allow: those of
/// broken arrays fit a byte; some that round weights do not (rad, roup, tvc).
class ProductTerms {
 public:
  /// Empty where the products are not such a sum.
  static std::optional<ProductTerms> of(const arith::Multiplier& multiplier);

  std::size_t size() const noexcept { return factors_.size(); }
  /// factor_t(w); fits 16 bits as every product does.
  std::int16_t factor(std::size_t term, std::int8_t w) const noexcept {
    return factors_[term][static_cast<std::uint8_t>(w)];
  }
  /// weight_t(a) by term; each in [-255, 255], as are their differences.
  const std::int16_t* weights(std::int8_t a) const noexcept {
    return &weights_[static_cast<std::uint8_t>(a) * kMostTerms];
  }
  std::int16_t step(std::size_t term, std::int8_t before, std::int8_t after) const noexcept {
    return static_cast<std::int16_t>(weights(after)[term] - weights(before)[term]);
  }
  /// Terms whose weights change where a code moves by one to four, in the mean: what differences
  /// that have come through a layer mostly do.
  double mean_changes() const;
  /// One term, the code itself times factor_0(w): as of the exact product, whose factor is w. That
  /// of others may be beyond a byte (rad(8), roup(1,0)).
  bool is_plain() const noexcept { return is_plain_; }
  static constexpr std::size_t kMostTerms = 8;  ///< One for each bit of `a`.

 private:
  void scale(std::size_t term, int least_bit);

  std::vector<std::array<std::int16_t, 256>> factors_;  // By term and the bit pattern of w.
  std::vector<std::int16_t> weights_;                   // [bit pattern of a][kMostTerms]
  bool is_plain_ = false;
};

}  // namespace deepaxe::fault
