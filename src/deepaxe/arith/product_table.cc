#include "deepaxe/arith/product_table.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/sha256.h"

namespace deepaxe::arith {
namespace {

// Calls visit(exact product, product) for all operand pairs by growing value: `b` varies fastest.
template <typename Visit>
void for_each_product(const ProductTable& table, Visit visit) {
  DEEPAXE_ASSERT(table.products.size() == ProductTable::kNumProducts);
  const int low = table.signedness == Signedness::kSigned ? -128 : 0;
  for (int a = low; a < low + 256; ++a) {
    for (int b = low; b < low + 256; ++b) {
      const auto row = static_cast<std::size_t>(a & 255);
      visit(a * b, table.products[row << 8 | static_cast<std::size_t>(b & 255)]);
    }
  }
}

void put_int32_le(std::int32_t value, std::byte* out) {
  const auto bits = static_cast<std::uint32_t>(value);
  for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<std::byte>(bits >> (8 * i) & 0xFFU);
}

}  // namespace

ErrorStats error_stats(const ProductTable& table) {
  std::int64_t sum = 0, sum_absolute = 0, num_wrong = 0;  // Magnitudes below 2^16 * 2^32.
  double sum_square = 0;  // Exact while every error is below 2^18: 2^16 * 2^36 < 2^53.
  std::int64_t worst_case = 0;
  std::int64_t num_nonzero = 0;
  double sum_relative = 0;
  for_each_product(table, [&](std::int32_t exact, std::int32_t product) {
    const std::int64_t error = std::int64_t{product} - exact;
    sum += error;
    sum_absolute += std::abs(error);
    sum_square += static_cast<double>(error) * static_cast<double>(error);
    num_wrong += error != 0;
    worst_case = std::max(worst_case, std::abs(error));
    if (exact != 0) {
      ++num_nonzero;
      sum_relative += static_cast<double>(std::abs(error)) / std::abs(exact);
    }
  });
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const double n = ProductTable::kNumProducts;  // 2^16: divisions by it are exact.
  return {.mean_absolute_lsb = static_cast<double>(sum_absolute) / n,
          .mean_lsb = static_cast<double>(sum) / n,
          .mean_square_lsb2 = sum_square / n,
          .worst_case_lsb = static_cast<std::int32_t>(std::min(worst_case, kMost)),
          .probability = static_cast<double>(num_wrong) / n,
          .mean_relative = sum_relative / static_cast<double>(num_nonzero)};
}

std::string identity(const ProductTable& table) {
  std::vector<std::byte> bytes(ProductTable::kNumProducts * 4);
  std::byte* next = bytes.data();
  for_each_product(table, [&](std::int32_t, std::int32_t product) {
    put_int32_le(product, next);
    next += 4;
  });
  return base::sha256_hex(bytes);
}

}  // namespace deepaxe::arith
