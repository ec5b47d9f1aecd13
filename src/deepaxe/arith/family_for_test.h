// Definitions of families as functions of two numbers, and what tests compare with them.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "deepaxe/arith/family.h"
#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::arith {

using Product = std::function<std::int64_t(std::int64_t a, std::int64_t b)>;

/// Operand pairs, of all 65,536, whose product by the netlist is not the definition's.
inline int num_different(const Family& family, const Product& definition) {
  const std::vector<std::int16_t> table = tabulate(make_netlist(family));
  int count = 0;
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      const std::size_t index =
          Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
      count += table[index] != definition(a, b);  // Also: no product leaves int16.
    }
  }
  return count;
}

/// A definition for magnitudes, with the sign of the exact product.
inline Product sign_magnitude(const Product& unsigned_product) {
  return [=](std::int64_t a, std::int64_t b) {
    const std::int64_t product = unsigned_product(std::abs(a), std::abs(b));
    return (a < 0) == (b < 0) ? product : -product;
  };
}

/// Of error / exact product, in percent, as papers print it.
struct RelativeError {
  double bias = 0, mean_absolute = 0, largest = 0;
};

/// Of the pairs of unsigned numbers 1 ... 2^8 - 1, each once.
inline RelativeError exhaustive_error(const Product& product) {
  RelativeError error;
  for (int a = 1; a < 256; ++a) {
    for (int b = 1; b < 256; ++b) {
      const double exact = a * b;
      const double relative = 100 * (static_cast<double>(product(a, b)) - exact) / exact;
      error.bias += relative / (255 * 255);
      error.mean_absolute += std::abs(relative) / (255 * 255);
      error.largest = std::max(error.largest, std::abs(relative));
    }
  }
  return error;
}

/// Of 200,000 pairs of random 16-bit numbers, signed or unsigned; a product of 0 is left out.
inline RelativeError sampled_error_of_16_bits(const Product& product, bool is_signed) {
  constexpr int kPairs = 200'000;
  const base::CounterRng rng(1);
  RelativeError error;
  for (std::uint64_t i = 0; i < kPairs; ++i) {
    const std::uint32_t word = rng.words(i)[0];
    const std::int64_t offset = is_signed ? 32'768 : 0;
    const std::int64_t a = std::int64_t{word & 0xFFFF} - offset;
    const std::int64_t b = std::int64_t{word >> 16} - offset;
    if (a * b == 0) continue;
    const auto exact = static_cast<double>(a * b);
    const double relative = 100 * (static_cast<double>(product(a, b)) - exact) / exact;
    error.bias += relative / kPairs;
    error.mean_absolute += std::abs(relative) / kPairs;
    error.largest = std::max(error.largest, std::abs(relative));
  }
  return error;
}

}  // namespace deepaxe::arith
