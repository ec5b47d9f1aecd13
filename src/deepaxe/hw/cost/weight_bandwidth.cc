#include "deepaxe/hw/cost/weight_bandwidth.h"

#include <cstddef>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/weight_traffic.h"

namespace deepaxe::hw::cost {

WeightBandwidth weight_bandwidth(const model::Int8Model& model,
                                 const std::vector<int>& parallel_outputs,
                                 const std::vector<bool>& is_external, std::int64_t cycles) {
  const std::vector<int> nodes = model::computing_nodes(model);
  WeightBandwidth bandwidth;
  for (std::size_t i = 0; i < is_external.size(); ++i) {
    if (!is_external[i]) continue;
    const design::WeightTraffic traffic =
        design::weight_traffic(design::layer_walk(model, nodes[i], parallel_outputs[i]));
    bandwidth.bytes_per_image += traffic.bytes_per_image;
    bandwidth.most_bytes_per_cycle += traffic.bytes_per_cycle;
  }
  bandwidth.mean_bytes_per_cycle =
      static_cast<double>(bandwidth.bytes_per_image) / static_cast<double>(cycles);
  return bandwidth;
}

}  // namespace deepaxe::hw::cost
