// A multiplier as a chromosome of Cartesian Genetic Programming, as the CGP tools behind
// EvoApproxLib and ArithsGen write it (Klhufek and Mrazek, DDECS 2022).
#pragma once

#include <string_view>

#include "deepaxe/frontend/circuit/source.h"

namespace deepaxe::frontend::circuit {

/// {16,16,columns,rows,2,1,levels}([id]a,b,function)...(o0,...,o15)
///
/// Inputs are bits 0..7 of the first operand, then of the second; outputs stand LSB first. Node ids
/// go up by one. The first of them tells the numbering: 18 where 0 and 1 are the constants and
/// inputs begin at 2, 16 where inputs begin at 0. Functions: 0 a, 1 not a, 2 and, 3 or, 4 xor,
/// 5 nand, 6 nor, 7 xnor. Throws base::InputError with the character for everything else.
Circuit parse_cgp(std::string_view text, const Source& source);

}  // namespace deepaxe::frontend::circuit
