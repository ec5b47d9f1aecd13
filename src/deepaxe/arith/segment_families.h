// Families that work with the leading bits of the operands' magnitudes: drum and roba.
#pragma once

#include "deepaxe/arith/family.h"

namespace deepaxe::arith {

/// drum(k): of a magnitude of more than k bits the leading k remain, the last of them set to 1,
/// which makes the error's mean nearly 0; a k x k multiplier and two shifts. Sign-magnitude, as the
/// paper's signed form. The operand's error is at most 2^(1-k), the product's (1 + 2^(1-k))^2 - 1.
/// drum(8) is exact; below k = 3 products leave 16 bits. Source: Hashemi, Bahar and Reda, ICCAD
/// 2015, section III.
Netlist make_drum(const FamilyValues& values);

/// roba: Ar b + Br a - Ar Br, where Ar and Br are the magnitudes rounded to the nearest power of
/// two (3 * 2^(p-2) up, but 3 to 2). Exact for powers of two, else at most 1/9 off. Sign-magnitude
/// with exact negations: S-RoBA. Source: Zendegani et al., IEEE TVLSI 25(2), 2017.
Netlist make_roba(const FamilyValues& values);

}  // namespace deepaxe::arith
