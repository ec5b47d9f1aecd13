// A multiplier as an array of NumPy: int16 [256, 256], the product of a and b at [a + 128][b +
// 128].
#pragma once

#include <string>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/base/npy.h"

namespace deepaxe::arith {

base::NpyArray to_npy(const Multiplier& multiplier);

/// Throws base::InputError, naming `file`, for another shape or type.
Multiplier multiplier_from_npy(const base::NpyArray& array, const std::string& file);

}  // namespace deepaxe::arith
