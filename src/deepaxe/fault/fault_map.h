// FaultMap: SDC rates of a tensor of the space along its axes, from the counts of its faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/row_rate.h"

namespace deepaxe::fault {

struct MapCell {
  std::int64_t pairs = 0;
  std::int64_t sdc = 0;
  /// Mean over the bits of each bit's rate, for bits may be sampled unevenly; empty: not enough
  /// data (fewer than kLeastPairs pairs, or a bit without any).
  std::optional<double> sdc_rate;
};

/// What the cells of a map are: the dimensions [first, last) of FaultTensor::shape, row-major.
struct MapAxis {
  std::string_view name;  ///< "channels", "positions", "units"...
  std::size_t first = 0, last = 0;
};

/// Activations and accumulators: channels, positions (one for a tensor without rows). Weights:
/// channels (of the output), kernel_positions of a convolution, inputs (of a group). Biases and
/// requantization: channels. MAC units: units. Nets: units and nets if stuck; channels, positions,
/// products of an output, and nets if flipped.
std::vector<MapAxis> map_axes(const FaultTensor& tensor);

/// Counts by cell of every axis of every tensor: a size that the number of faults does not change.
class FaultMaps {
 public:
  /// The space outlives the maps.
  explicit FaultMaps(const FaultSpace& space);
  void add(const FaultCounts& fault);
  /// Of map_axes(space.tensors()[tensor])[axis].
  std::vector<MapCell> cells(std::size_t tensor, std::size_t axis) const;

 private:
  struct AxisCounts {
    std::uint64_t stride = 1;  // Elements from one cell to the next.
    std::uint64_t size = 1;
    std::vector<OutcomeCounts> counts;  // [cell][bit]
  };
  const FaultSpace& space_;
  std::vector<std::vector<AxisCounts>> axes_;  // By tensor.
  std::size_t tensor_ = 0;                     // Of the last fault added.
};

}  // namespace deepaxe::fault
