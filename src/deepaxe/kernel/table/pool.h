// The fast maximum pool; the same bytes as reference/pool.h.
#pragma once

#include <cstdint>

#include "deepaxe/kernel/isa.h"
#include "deepaxe/kernel/reference/pool.h"

namespace deepaxe::kernel::table {

/// input [batch, in_h, in_w, c], output [batch, out_h, out_w, c].
void max_pool(const reference::PoolLayer& layer, Isa isa, const std::int8_t* input, int batch,
              std::int8_t* output);

}  // namespace deepaxe::kernel::table
