// Permute folding: a flatten in another element order becomes an order of the next weights.
#pragma once

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

/// Removes every Permute that only a flatten and then a dense layer read (networks with channels
/// first): the dense weights are put into the order before the Permute. Exact.
void fold_permute(model::FloatModel& model);

}  // namespace deepaxe::frontend::keras
