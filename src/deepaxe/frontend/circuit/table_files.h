// Product tables of other programs: NumPy arrays, TFApprox binaries, text.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "deepaxe/frontend/circuit/source.h"

namespace deepaxe::frontend::circuit {

/// Integers [256, 256]. A signed type holds signed products by growing operands, -128 first; an
/// unsigned one unsigned products at [a][b]. Asked otherwise, a signed type may hold unsigned
/// products at [a][b], and an unsigned one 16-bit patterns at the patterns of signed operands.
Circuit parse_npy(std::span<const std::byte> bytes, const Source& source);

/// 65,536 little-endian 16-bit patterns at [a << 8 | b], a and b the patterns of the operands
/// (TFApprox, Vaverka et al., DATE 2020).
Circuit parse_tfapprox(std::span<const std::byte> bytes, const Source& source);

/// 256 lines of 256 integers, with blanks, tabs, commas or semicolons between them (ApproxTorch,
/// CSV). With a negative one they are signed products by growing operands, -128 first, else
/// unsigned ones at [a][b].
Circuit parse_text(std::string_view text, const Source& source);

}  // namespace deepaxe::frontend::circuit
