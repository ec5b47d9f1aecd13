#include "deepaxe/arith/multiplier.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

#include "deepaxe/base/sha256.h"

namespace deepaxe::arith {
namespace {

// Calls visit(a, b) for all 65,536 operand pairs by value, -128 first: `b` varies fastest.
template <typename Visit>
void for_each_operand_pair(Visit visit) {
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      visit(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b));
    }
  }
}

void put_int32_le(std::int32_t value, std::byte* out) {
  const auto bits = static_cast<std::uint32_t>(value);
  for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<std::byte>(bits >> (8 * i) & 0xFFU);
}

std::string identity_of(const std::vector<std::int16_t>& products) {
  std::vector<std::byte> bytes(Multiplier::kNumProducts * 4);
  std::byte* next = bytes.data();
  for_each_operand_pair([&](std::int8_t a, std::int8_t b) {
    put_int32_le(products[Multiplier::index(a, b)], next);
    next += 4;
  });
  return base::sha256_hex(bytes);
}

}  // namespace

Multiplier::Multiplier(std::vector<std::int16_t> products) : products_(std::move(products)) {
  if (products_.size() != kNumProducts) {
    throw std::invalid_argument("product table has " + std::to_string(products_.size()) +
                                " entries, expected " + std::to_string(kNumProducts));
  }
  is_exact_ = true;
  for_each_operand_pair(
      [&](std::int8_t a, std::int8_t b) { is_exact_ = is_exact_ && (*this)(a, b) == a * b; });
  identity_ = identity_of(products_);
}

Multiplier Multiplier::exact() {
  std::vector<std::int16_t> products(kNumProducts);
  for_each_operand_pair([&](std::int8_t a, std::int8_t b) {
    products[index(a, b)] = static_cast<std::int16_t>(a * b);  // In [-16256, 16384]: it fits.
  });
  return Multiplier(std::move(products));
}

ErrorStats error_stats(const Multiplier& multiplier) noexcept {
  std::int64_t sum = 0, sum_absolute = 0, num_wrong = 0;  // Magnitudes below 2^16 * 2^16.
  std::int64_t sum_square = 0;                            // Below 2^16 * 2^32.
  std::int32_t worst_case = 0;
  std::int64_t num_nonzero = 0;
  double sum_relative = 0;
  for_each_operand_pair([&](std::int8_t a, std::int8_t b) {
    const std::int32_t exact = a * b;
    const std::int32_t error = multiplier(a, b) - exact;
    sum += error;
    sum_absolute += std::abs(error);
    sum_square += std::int64_t{error} * error;
    num_wrong += error != 0;
    worst_case = std::max(worst_case, std::abs(error));
    if (exact != 0) {
      ++num_nonzero;
      sum_relative += static_cast<double>(std::abs(error)) / std::abs(exact);
    }
  });
  const double n = Multiplier::kNumProducts;  // 2^16: divisions by it are exact.
  return {.mean_absolute_lsb = static_cast<double>(sum_absolute) / n,
          .mean_lsb = static_cast<double>(sum) / n,
          .mean_square_lsb2 = static_cast<double>(sum_square) / n,
          .worst_case_lsb = worst_case,
          .probability = static_cast<double>(num_wrong) / n,
          .mean_relative = sum_relative / static_cast<double>(num_nonzero)};
}

}  // namespace deepaxe::arith
