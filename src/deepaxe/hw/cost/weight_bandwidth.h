// WeightBandwidth: what memory must deliver to an engine whose weights come from outside.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

/// Sums over the layers with weights outside; nothing where all lie in ROMs.
struct WeightBandwidth {
  std::int64_t bytes_per_image = 0;
  double mean_bytes_per_cycle = 0;        ///< Over the cycles of an image.
  std::int64_t most_bytes_per_cycle = 0;  ///< All layers reading at once.

  double mean_bytes_per_second(double clock_mhz) const noexcept {
    return mean_bytes_per_cycle * 1e6 * clock_mhz;
  }
  double most_bytes_per_second(double clock_mhz) const noexcept {
    return static_cast<double>(most_bytes_per_cycle) * 1e6 * clock_mhz;
  }
};

/// Both vectors by computing layer; is_external may be empty: none. `cycles`: from image to image.
WeightBandwidth weight_bandwidth(const model::Int8Model& model,
                                 const std::vector<int>& parallel_outputs,
                                 const std::vector<bool>& is_external, std::int64_t cycles);

}  // namespace deepaxe::hw::cost
