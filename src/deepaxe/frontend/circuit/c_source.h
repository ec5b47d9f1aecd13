// C source of one multiplier: a straight-line function, as EvoApproxLib writes, or a table of
// products, as AdaPT writes. Nothing is compiled or run: expressions become gates while they are
// parsed, so a file cannot loop, allocate or touch anything.
#pragma once

#include <string_view>

#include "deepaxe/frontend/circuit/source.h"

namespace deepaxe::frontend::circuit {

/// Accepted: #include of stdint.h, stdlib.h, stdbool.h, inttypes.h, math.h; one function of two
/// integers with declarations, assignments and a return of integer expressions: every operator but
/// / % ++ -- and shifts by anything but a constant; or `const int16_t lut[256][256] = {{...}...};`
/// indexed by the bit patterns of the operands.
///
/// A parameter called a or A is the first operand and one called b or B the second, wherever they
/// stand: EvoApproxLib writes f(A, B) as well as f(B, A). With other names the order decides.
/// Operands wider than 8 bits get the operand's value. A signed product in an unsigned return type
/// is read as a 16-bit pattern.
///
/// Throws base::InputError with line and token for everything else.
Circuit parse_c(std::string_view text, const Source& source);

}  // namespace deepaxe::frontend::circuit
