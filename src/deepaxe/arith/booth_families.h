// Families that recode the weight into signed digits: rad and roup. Two's complement throughout.
#pragma once

#include "deepaxe/arith/family.h"

namespace deepaxe::arith {

/// rad(k): the weight's k low bits are one digit y, -2^(k-1) <= y < 2^(k-1), whose magnitude is
/// replaced by the nearest of 0, 2^(k-4), 2^(k-3), 2^(k-2), 2^(k-1), ties to the larger; the bits
/// above are exact radix-4 Booth digits. k = 4, 6, 8: the paper's RAD16, RAD64, RAD256.
/// Source: Leon et al., IEEE TVLSI 26(3), 2018 (approximate hybrid high radix encoding).
Netlist make_rad(const FamilyValues& values);

/// roup(k,m): the weight without its k lowest radix-4 Booth digits, which rounds it to a multiple
/// of 4^k, and the activation rounded to a multiple of 2^m, halves up for both. roup(0,0) is exact.
/// Source: PR|k,m of Leon et al., IEEE Micro 38(4), 2018 (perforation and rounding).
Netlist make_roup(const FamilyValues& values);

}  // namespace deepaxe::arith
