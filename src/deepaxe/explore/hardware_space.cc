#include "deepaxe/explore/hardware_space.h"

#include <algorithm>
#include <utility>

namespace deepaxe::explore {
namespace {

using hw::cost::HardwareParams;

// Each of `variants` with each of `alternatives`.
template <typename Value>
std::vector<HardwareParams> times(const std::vector<HardwareParams>& variants,
                                  const std::vector<Value>& alternatives,
                                  Value HardwareParams::*member) {
  std::vector<HardwareParams> all;
  for (const HardwareParams& variant : variants) {
    for (const Value& alternative : alternatives) {
      all.push_back(variant);
      all.back().*member = alternative;
    }
  }
  return all;
}

}  // namespace

std::vector<HardwareParams> hardware_variants(const HardwareSpaceParams& space,
                                              const HardwareParams& common) {
  std::vector<HardwareParams> all = times({common}, space.outputs, &HardwareParams::layer_outputs);
  all = times(all, space.baselines, &HardwareParams::baseline);
  all = times(all, space.memories, &HardwareParams::memory);
  all = times(all, space.schedules, &HardwareParams::schedule);
  all = times(all, space.external_weights, &HardwareParams::external_weights);
  std::vector<HardwareParams> variants;
  for (HardwareParams& variant : all) {
    if (std::ranges::find(variants, variant) == variants.end()) {
      variants.push_back(std::move(variant));
    }
  }
  return variants;
}

}  // namespace deepaxe::explore
