// Families of approximate multipliers generated as netlists: bam(h, v) and trunc(k).
// Source: broken array multiplier, Mahdiani et al., IEEE TCAS-I 57(4), 2010; the parameters of the
// EvoApproxLib v2022 circuits were found by checking all 65,536 products.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deepaxe/arith/netlist.h"

namespace deepaxe::arith {

enum class FamilyKind { kBam, kTrunc };

/// bam(h, v): a Baugh-Wooley array without the partial products (i, j) with i < h or i + j < v,
/// i a bit of the first operand; h in [0, 8], v in [0, 15]; bam(0, 0) is exact.
/// trunc(k): both operands with their k low bits cleared; k in [0, 7].
struct Family {
  FamilyKind kind = FamilyKind::kBam;
  int h = 0;
  int v = 0;
  int k = 0;

  bool operator==(const Family&) const = default;
};

/// "bam(1,3)", "trunc(2)".
std::string to_string(const Family& family);
/// The family `text` names, blanks ignored; nothing if it is not of that form. Throws
/// std::invalid_argument, naming the range, if a parameter is out of range.
std::optional<Family> parse_family(std::string_view text);

/// The circuit: a reduced array of AND/NAND partial products and full and half adders.
Netlist make_netlist(const Family& family);

}  // namespace deepaxe::arith
