// Sharing: which layers are fused into the one before them, and which must have equal quantization.
#pragma once

#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// fused_into[i] is the node that node i, a ReLU, becomes part of; i itself for all others. Only
/// behind computing layers, additions and pools, where nothing else reads the value before it.
std::vector<int> fuse_relus(const model::FloatModel& model);

/// group[i] is the lowest node that has the quantization of node i: TFLite's pools, reshapes, pads
/// and concatenations do not rescale, so inputs and output must agree.
std::vector<int> share_quantization(const model::FloatModel& model,
                                    const std::vector<int>& fused_into);

}  // namespace deepaxe::calibrate
