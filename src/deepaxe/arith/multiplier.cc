#include "deepaxe/arith/multiplier.h"

#include <stdexcept>
#include <string>
#include <utility>

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

}  // namespace

Multiplier::Multiplier(std::vector<std::int16_t> products) : products_(std::move(products)) {
  if (products_.size() != kNumProducts) {
    throw std::invalid_argument("product table has " + std::to_string(products_.size()) +
                                " entries, expected " + std::to_string(kNumProducts));
  }
  is_exact_ = true;
  for_each_operand_pair(
      [&](std::int8_t a, std::int8_t b) { is_exact_ = is_exact_ && (*this)(a, b) == a * b; });
  identity_ = arith::identity(to_table(*this));
}

Multiplier Multiplier::exact() {
  std::vector<std::int16_t> products(kNumProducts);
  for_each_operand_pair([&](std::int8_t a, std::int8_t b) {
    products[index(a, b)] = static_cast<std::int16_t>(a * b);  // In [-16256, 16384]: it fits.
  });
  return Multiplier(std::move(products));
}

ProductTable to_table(const Multiplier& multiplier) {
  const std::span<const std::int16_t> products = multiplier.products();
  return {.signedness = Signedness::kSigned, .products = {products.begin(), products.end()}};
}

ErrorStats error_stats(const Multiplier& multiplier) { return error_stats(to_table(multiplier)); }

}  // namespace deepaxe::arith
