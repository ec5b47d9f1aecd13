#include "deepaxe/frontend/circuit/plausibility.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <set>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::circuit {
namespace {

using arith::ProductTable;
using arith::Signedness;

constexpr std::size_t kFewestProducts = 3;
constexpr double kLeastCorrelation = 0.25;
constexpr double kFarNearer = 0.25;

bool has_fewest_products(const ProductTable& table) {
  std::set<std::int32_t> different;
  for (const std::int32_t product : table.products) {
    different.insert(product);
    if (different.size() == kFewestProducts) return true;
  }
  return false;
}

// Pearson's, between products and exact products. In doubles: 2^-53 of 2^16 * 2^62 is no matter.
double correlation_with_exact(const ProductTable& table) {
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    const double exact = arith::operand_value(i >> 8, table.signedness) *
                         arith::operand_value(i & 255, table.signedness);
    const double product = table.products[i];
    x += exact;
    y += product;
    xx += exact * exact;
    yy += product * product;
    xy += exact * product;
  }
  const double n = ProductTable::kNumProducts;
  const double variances = (n * xx - x * x) * (n * yy - y * y);
  return variances > 0 ? (n * xy - x * y) / std::sqrt(variances) : 0;
}

// The same numbers read in another way: as 16-bit patterns of the other kind, or with the operands
// from -128 up where they were by pattern.
ProductTable read_again(const ProductTable& table, Signedness signedness, bool other_order) {
  ProductTable again{.signedness = signedness, .products = table.products};
  for (std::size_t i = 0; i < table.products.size(); ++i) {
    std::int32_t product = table.products[other_order ? i ^ 0x8080 : i];
    if (signedness != table.signedness) {
      product = signedness == Signedness::kSigned
                    ? std::int32_t{static_cast<std::int16_t>(product)}
                    : std::int32_t{static_cast<std::uint16_t>(product)};
    }
    again.products[i] = product;
  }
  return again;
}

}  // namespace

std::optional<std::string> nearer_reading(const ProductTable& table) {
  const double here = arith::error_stats(table).mean_absolute_lsb;
  double least = kFarNearer * here;
  std::optional<std::string> hint;
  for (const Signedness signedness : {Signedness::kSigned, Signedness::kUnsigned}) {
    for (const bool other_order : {false, true}) {
      const double there =
          arith::error_stats(read_again(table, signedness, other_order)).mean_absolute_lsb;
      if (there >= least) continue;
      least = there;
      const char* option = signedness == Signedness::kSigned ? "--signed" : "--unsigned";
      hint = fmt::format(
          "{} the mean absolute error would be {:.6g}, not {:.6g}",
          signedness != table.signedness ? std::string("as ") + option
          : table.signedness == Signedness::kSigned
              ? std::string(
                    "with the operands in the order of their bit patterns, or from -128 up,")
              : std::string("with the operands in another order"),
          there, here);
    }
  }
  return hint;
}

void require_plausible(const ProductTable& table, const std::string& file) {
  if (!has_fewest_products(table)) {
    throw base::InputError(
        {file, "", "fewer than 3 different products among 65536", "a multiplier, not a constant"});
  }
  const double correlation = correlation_with_exact(table);
  if (correlation >= kLeastCorrelation) return;
  const std::optional<std::string> hint = nearer_reading(table);
  throw base::InputError(
      {file, "", fmt::format("products of correlation {:.2f} with the exact ones", correlation),
       fmt::format("at least {}{}", kLeastCorrelation, hint ? ": " + *hint : "")});
}

}  // namespace deepaxe::frontend::circuit
