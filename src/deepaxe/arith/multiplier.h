// Multiplier: an 8x8-bit signed multiplier, exact or approximate, given by all of its products.
// Source of the error measures: EvoApproxLib (Mrazek et al., DATE 2017, pp. 258-261).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/arith/product_table.h"

namespace deepaxe::arith {

/// Immutable, hence safe to read from any number of threads.
class Multiplier {
 public:
  static constexpr std::size_t kNumProducts = ProductTable::kNumProducts;

  /// `products` has shape [256, 256], row-major, in the order of `index`; 128 KiB.
  /// Throws std::invalid_argument, naming both sizes, if it has not `kNumProducts` entries.
  explicit Multiplier(std::vector<std::int16_t> products);

  /// The accurate multiplier: the golden reference for every figure of accuracy.
  static Multiplier exact();

  /// Row = bit pattern of `a`, column = bit pattern of `b`; index(-1, 2) == 0xFF02.
  static constexpr std::size_t index(std::int8_t a, std::int8_t b) noexcept {
    return std::size_t{static_cast<std::uint8_t>(a)} << 8 | static_cast<std::uint8_t>(b);
  }

  /// Approximate circuits need not commute: `a` is the activation, `b` the weight.
  std::int16_t operator()(std::int8_t a, std::int8_t b) const noexcept {
    return products_[index(a, b)];
  }
  /// The 256 products of one activation, indexed by the weight's bit pattern.
  const std::int16_t* row(std::int8_t a) const noexcept { return &products_[index(a, 0)]; }
  std::span<const std::int16_t> products() const noexcept { return products_; }

  /// True if every product is the exact one.
  bool is_exact() const noexcept { return is_exact_; }
  /// identity(to_table(*this)).
  const std::string& identity() const noexcept { return identity_; }

 private:
  std::vector<std::int16_t> products_;  // Size kNumProducts.
  std::string identity_;
  bool is_exact_ = false;
};

/// The same products in 32 bits, signed.
ProductTable to_table(const Multiplier& multiplier);

/// error_stats(to_table(multiplier)).
ErrorStats error_stats(const Multiplier& multiplier);

}  // namespace deepaxe::arith
