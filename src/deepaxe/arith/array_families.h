// Families that change a Baugh-Wooley array of partial products: bam, trunc, loa, tcc and tvc.
// Partial product (i, j) is bit i of the first operand AND bit j of the second, in column i + j.
#pragma once

#include "deepaxe/arith/family.h"

namespace deepaxe::arith {

/// bam(h,v): without the partial products (i, j) with i < h or i + j < v. bam(0,0) is exact.
/// Source: broken array multiplier, Mahdiani et al., IEEE TCAS-I 57(4), 2010; the parameters of the
/// EvoApproxLib v2022 circuits were found by checking all 65,536 products.
Netlist make_bam(const FamilyValues& values);

/// trunc(k): both operands with their k low bits cleared.
Netlist make_trunc(const FamilyValues& values);

/// loa(k): the rows a_i b 2^i are added one after another by lower-part-OR adders whose k low bits
/// are ORs and whose carry into the others is the AND of the two bits k - 1; k <= 7, so only the
/// exact part has signs. loa(0) and loa(1) are exact. Source of the adder: Mahdiani et al., 2010;
/// the array of such adders is the plainest multiplier made of them.
Netlist make_loa(const FamilyValues& values);

/// tcc(t): columns below t dropped; the constant nearest to the mean of what they hold (random
/// bits) that is a multiple of 2^t is added. Bias = constant - mean, at most half of 2^t. Source:
/// Schulte and Swartzlander, VLSI Signal Processing VI, 1993, without their rounding to n bits: all
/// 16 product bits are kept.
Netlist make_tcc(const FamilyValues& values);

/// tvc(t): columns below t dropped; the partial products of column t - 1 are added to column t,
/// that is, doubled. Bias = (2^t - 1) / 4. Source: King and Swartzlander, 31st Asilomar Conference,
/// 1997, without the rounding to n bits.
Netlist make_tvc(const FamilyValues& values);

}  // namespace deepaxe::arith
