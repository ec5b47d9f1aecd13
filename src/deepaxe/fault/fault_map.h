// FaultMap: SDC rates of a tensor by channel or by position, from the counts of its faults.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault {

struct MapCell {
  std::int64_t pairs = 0;
  std::int64_t sdc = 0;
  /// Mean over the bits of each bit's rate, for bits may be sampled unevenly; empty: not enough
  /// data (fewer than kLeastPairs pairs, or a bit without any).
  std::optional<double> sdc_rate;
};

inline constexpr std::int64_t kLeastPairs = 30;

/// SDC rate of these counts; empty if they are fewer than kLeastPairs pairs.
std::optional<double> rate_if_known(const OutcomeCounts& counts) noexcept;

/// A tensor's rate: mean over its bits, [8] counts; empty as for a cell.
std::optional<double> mean_rate(std::span<const OutcomeCounts> by_bit) noexcept;

enum class MapAxis {
  kChannel,   ///< Last dimension of the shape.
  kPosition,  ///< All others, row-major; one position for a tensor without others.
};

/// By channel or position of one tensor of the space; `counts` in any order, those of other tensors
/// are passed over. `shape` is that of one image's tensor.
std::vector<MapCell> fault_map(std::span<const FaultCounts> counts, const FaultSpace& space,
                               int tensor, const model::Shape& shape, MapAxis axis);

}  // namespace deepaxe::fault
