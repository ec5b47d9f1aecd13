// Whether a table is that of a multiplier at all.
#pragma once

#include <optional>
#include <string>

#include "deepaxe/arith/product_table.h"

namespace deepaxe::frontend::circuit {

/// Throws base::InputError, naming `file`, for fewer than 3 different products and for products
/// whose correlation with the exact ones is below 0.25 (1L12, the coarsest of the library, has
/// 0.89), and says so where nearer_reading knows better.
void require_plausible(const arith::ProductTable& table, const std::string& file);

/// Another reading of the same numbers, signed for unsigned or in the other order of operands'
/// values, whose mean absolute error is below a quarter of this one's: "as --unsigned the mean
/// absolute error would be 12.5, not 5000".
std::optional<std::string> nearer_reading(const arith::ProductTable& table);

}  // namespace deepaxe::frontend::circuit
