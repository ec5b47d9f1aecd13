// Families that add logarithms: mitchell, alm, mbm and ilm. All are unsigned circuits between exact
// negations (sign-magnitude). A magnitude is 2^k (1 + x), 0 <= x < 1; k + x stands for its
// logarithm.
#pragma once

#include "deepaxe/arith/family.h"

namespace deepaxe::arith {

/// mitchell: 2^(k1+k2) (1 + x1 + x2), or 2^(k1+k2+1) (x1 + x2) where x1 + x2 >= 1; rounded down.
/// Never too large, at most 1/9 too small. Source: Mitchell, IRE Trans. Electronic Computers
/// EC-11(4), 1962, section III.
Netlist make_mitchell(const FamilyValues& values);

/// alm(m): mitchell, but in the sum of the 7-bit x1 and x2 the m low bits are 1 and the carry into
/// the others is the AND of the two bits m - 1 (set-one adder, ALM-SOA).
/// Source: Liu et al., IEEE TCAS-I 65(9), 2018.
Netlist make_alm(const FamilyValues& values);

/// mbm: mitchell with 0.078125 = 10/128 added to x1 + x2 < 1, half of it to x1 + x2 >= 1. The paper
/// leaves open what small products do, where these bits fall below the LSB: here they are rounded
/// down like the rest. Source: Saadat et al., IEEE TCAD 37(11), 2018, section III.
Netlist make_mbm(const FamilyValues& values);

/// ilm(c): N1 2^k2 + (N2 - 2^k2) 2^k1, which leaves out the product of the rests N - 2^k; that is
/// approximated in the same way, c times. Never too large.
/// Source: Babic, Avramovic and Bulic, Microprocessors and Microsystems 35(1), 2011.
Netlist make_ilm(const FamilyValues& values);

}  // namespace deepaxe::arith
