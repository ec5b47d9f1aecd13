// Batch-norm folding: a factor and offset per channel moves into the weights beside it.
#pragma once

#include "deepaxe/model/graph.h"

namespace deepaxe::frontend::keras {

/// Folds every Affine node where the real-number result stays the same:
///  - into the convolution, depthwise, dense or Affine node before it, if nothing else reads that;
///  - into the convolution, depthwise or dense layer after it (also behind a Reshape), if nothing
///    else reads the Affine. Where the layer pads with zeros, only if every offset is 0: padding
///    would have to hold -offset / factor.
/// What cannot be folded stays an Affine node. The node with the weights keeps its name.
void fold_batch_norm(model::FloatModel& model);

}  // namespace deepaxe::frontend::keras
