// A multiplier as BLIF (Berkeley Logic Interchange Format, UC Berkeley 1992).
#pragma once

#include <string_view>

#include "deepaxe/frontend/circuit/source.h"

namespace deepaxe::frontend::circuit {

/// Accepted: one .model with .inputs, .outputs, .names and .end. Its 16 inputs are two groups
/// NAME[0]..NAME[7] (also NAME_0 or NAME0), the group a or A first, else the one listed first; with
/// other names the first 8 listed are the first operand, LSB first. Its 16 outputs likewise are
/// NAME[0]..NAME[15], or listed LSB first.
///
/// Throws base::InputError with line and word for everything else: .latch, .gate, .subckt, nets
/// without or with two drivers, loops.
Circuit parse_blif(std::string_view text, const Source& source);

}  // namespace deepaxe::frontend::circuit
