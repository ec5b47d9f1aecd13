// Hardware space: the alternatives of everything that a design fixes besides its multipliers.
#pragma once

#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"

namespace deepaxe::explore {

/// Alternatives, each list not empty. Accuracy and faults depend on none of them.
struct HardwareSpaceParams {
  std::vector<std::vector<int>> outputs = {{}};  ///< By computing layer; {} is 1 everywhere.
  std::vector<hw::cost::Baseline> baselines = {hw::cost::Baseline::kGate};
  std::vector<hw::cost::MemoryStyle> memories = {hw::cost::MemoryStyle::kBlock};
  std::vector<hw::design::ImageSchedule> schedules = {hw::design::ImageSchedule::kSequential};
  std::vector<std::vector<bool>> external_weights = {{}};  ///< By computing layer; {} is none.
};

/// Every combination once, with what is the same for all from `common`; in the order of the
/// members, outputs vary slowest.
std::vector<hw::cost::HardwareParams> hardware_variants(const HardwareSpaceParams& space,
                                                        const hw::cost::HardwareParams& common);

}  // namespace deepaxe::explore
