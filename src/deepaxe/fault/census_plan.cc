#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {

CampaignResult run_census(const PlanInput& input) {
  CampaignResult result;
  run_whole_faults(
      input, input.space.size(), [](std::uint64_t k) { return k; }, input.params.on_fault, result);
  fill_point_intervals(result);
  result.method = "census: every fault of the space on every image; no sampling error";
  result.stop_reason = "every fault tried";
  return result;
}

}  // namespace deepaxe::fault
