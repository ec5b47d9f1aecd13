// WeightTraffic: what a layer reads of its weights, hence what must be delivered from outside.
#pragma once

#include <cstdint>

#include "deepaxe/hw/design/layer_walk.h"

namespace deepaxe::hw::design {

/// The engine reads the weights of a layer anew for every output position.
struct WeightTraffic {
  std::int64_t bytes_per_image = 0;
  int bytes_per_cycle = 0;  ///< While the layer computes: one for each lane.

  /// Over an image of so many cycles.
  double mean_bytes_per_second(std::int64_t cycles, double clock_hz) const noexcept {
    return static_cast<double>(bytes_per_image) * clock_hz / static_cast<double>(cycles);
  }
};

/// Of a computing layer.
inline WeightTraffic weight_traffic(const LayerWalk& walk) noexcept {
  const std::int64_t positions = std::int64_t{walk.out.rows} * walk.out.columns;
  return {.bytes_per_image = positions * walk.weight_words() * walk.lanes,
          .bytes_per_cycle = walk.lanes};
}

}  // namespace deepaxe::hw::design
