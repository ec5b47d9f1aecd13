// Sign-magnitude wrapping: an unsigned circuit with the signs beside it multiplies signed operands.
#pragma once

#include <string>

#include "deepaxe/arith/multiplier.h"
#include "deepaxe/arith/netlist.h"
#include "deepaxe/arith/product_table.h"

namespace deepaxe::frontend::circuit {

/// sign(a) sign(b) u(|a|, |b|), |-128| = 128, sign(0) positive: what u makes of 0 is kept. `table`
/// is unsigned, the result signed; its products may leave 16 bits.
arith::ProductTable wrap_sign_magnitude(const arith::ProductTable& table);

/// The same as gates: two negations in front, one behind. Equal modulo 2^16.
arith::Netlist wrap_sign_magnitude(const arith::Netlist& netlist);

enum class Overflow { kRefuse, kSaturate };

struct Narrowed {
  arith::Multiplier multiplier;
  int num_saturated = 0;  ///< Products that were clamped to [-32768, 32767].
};

/// A signed table in 16 bits. Throws base::InputError, naming `file`, the pair and the product, for
/// the first product outside them, unless they are to be saturated.
Narrowed narrow(const arith::ProductTable& table, Overflow overflow, const std::string& file);

}  // namespace deepaxe::frontend::circuit
