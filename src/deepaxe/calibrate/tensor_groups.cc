#include "deepaxe/calibrate/tensor_groups.h"

#include "deepaxe/base/parallel.h"
#include "deepaxe/calibrate/histogram.h"
#include "deepaxe/calibrate/sharing.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// Groups with values of their own get consecutive histograms: that of each node, -1 for none.
std::vector<int> histogram_of_nodes(const model::FloatModel& lowered, const TensorGroups& groups,
                                    std::vector<int>& group_of_histogram) {
  std::vector<int> of_group(lowered.nodes.size(), -1);
  std::vector<int> of_node(lowered.nodes.size(), -1);
  for (std::size_t i = 0; i < lowered.nodes.size(); ++i) {
    if (!groups.is_stored[i] || std::holds_alternative<model::Reshape>(lowered.nodes[i].op)) {
      continue;
    }
    int& histogram = of_group[at(groups.group[i])];
    if (histogram < 0) {
      histogram = static_cast<int>(group_of_histogram.size());
      group_of_histogram.push_back(groups.group[i]);
    }
    of_node[i] = histogram;
  }
  return of_node;
}

}  // namespace

TensorGroups find_groups(const model::FloatModel& lowered) {
  TensorGroups groups{.fused_into = fuse_relus(lowered),
                      .group = {},
                      .is_stored = std::vector<bool>(lowered.nodes.size(), true)};
  groups.group = share_quantization(lowered, groups.fused_into);
  for (std::size_t i = 0; i < lowered.nodes.size(); ++i) {
    if (at(groups.fused_into[i]) != i) groups.is_stored[at(groups.fused_into[i])] = false;
  }
  return groups;
}

std::vector<Range> group_ranges(const model::FloatModel& lowered, const TensorGroups& groups,
                                std::span<const float> images, const QuantizeParams& params) {
  const std::vector<Range> measured = measure_ranges(lowered, images, params.num_threads);
  std::vector<Range> ranges(lowered.nodes.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (groups.is_stored[i]) ranges[at(groups.group[i])].include(measured[i]);
  }
  if (params.ranges.method == RangeMethod::kMinMax) return ranges;
  std::vector<int> group_of_histogram;
  const std::vector<int> of_node = histogram_of_nodes(lowered, groups, group_of_histogram);
  std::vector<Range> seen;
  seen.reserve(group_of_histogram.size());
  for (const int group : group_of_histogram) seen.push_back(ranges[at(group)]);
  const std::vector<Histogram> histograms =
      measure_histograms(lowered, images, seen, of_node, params.num_threads);
  base::parallel_for(histograms.size(), params.num_threads, [&](std::size_t i, int) {
    ranges[at(group_of_histogram[i])] =
        choose_range(histograms[i], params.ranges, params.symmetric_activations);
  });
  return ranges;
}

}  // namespace deepaxe::calibrate
