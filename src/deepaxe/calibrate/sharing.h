// Sharing: which layers are fused into the one before them, and which must have equal quantization.
#pragma once

#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// Whether the output's scale and zero point are given, whatever the values: tanh 1/128 and 0,
/// sigmoid and softmax 1/256 and -128, as TFLite fixes them.
bool has_fixed_quantization(const model::Op& op);

/// fused_into[i] is the node that node i, a ReLU, becomes part of; i itself for all others. Only
/// behind computing layers, additions and pools, where nothing else reads the value before it.
std::vector<int> fuse_relus(const model::FloatModel& model);

/// group[i] is the lowest node that has the quantization of node i: TFLite's pools, moves and
/// concatenations do not rescale, so inputs and output must agree.
std::vector<int> share_quantization(const model::FloatModel& model,
                                    const std::vector<int>& fused_into);

}  // namespace deepaxe::calibrate
