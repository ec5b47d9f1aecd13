#include "deepaxe/explore/hardware_space.h"

#include <algorithm>

namespace deepaxe::explore {

std::vector<hw::cost::HardwareParams> hardware_variants(const HardwareSpaceParams& space,
                                                        const hw::cost::HardwareParams& common) {
  std::vector<hw::cost::HardwareParams> variants;
  for (const std::vector<int>& outputs : space.outputs) {
    for (const hw::cost::Baseline baseline : space.baselines) {
      for (const hw::cost::MemoryStyle memory : space.memories) {
        hw::cost::HardwareParams variant = common;
        variant.layer_outputs = outputs;
        variant.baseline = baseline;
        variant.memory = memory;
        if (std::ranges::find(variants, variant) == variants.end()) variants.push_back(variant);
      }
    }
  }
  return variants;
}

}  // namespace deepaxe::explore
