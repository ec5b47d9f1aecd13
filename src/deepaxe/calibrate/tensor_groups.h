// Tensor groups: which tensors of a lowered network are stored, which share scale and zero point,
// and the range of each group.
#pragma once

#include <span>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/calibrate/range.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

struct TensorGroups {
  std::vector<int> fused_into;  ///< As fuse_relus gives it.
  std::vector<int> group;       ///< As share_quantization gives it: the lowest node of the group.
  std::vector<bool> is_stored;  ///< Not the value before a fused ReLU: its range does not count.
};

TensorGroups find_groups(const model::FloatModel& lowered);

/// The range of each group, at its lowest node (empty at the others), from images [n, input size]:
/// minima and maxima in a first pass; methods that look inside the range count histograms in a
/// second one. A reshaped tensor counts once. The same for any number of threads. Throws as
/// measure_ranges and choose_range.
std::vector<Range> group_ranges(const model::FloatModel& lowered, const TensorGroups& groups,
                                std::span<const float> images, const QuantizeParams& params);

}  // namespace deepaxe::calibrate
