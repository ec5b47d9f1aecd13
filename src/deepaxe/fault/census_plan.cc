#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {

CampaignResult run_census(const PlanInput& input) {
  const std::unique_ptr<FaultTable> table = table_if_kept(input);
  const std::unique_ptr<PairExecutor> executor = input.make_executor(input.params, table.get());
  const std::uint64_t n = input.num_images, size = input.space.size();
  Workload workload;
  workload.num_positions = input.num_images;
  workload.max_draws = size;
  workload.image = [](std::size_t position) { return position; };
  workload.num_draws = [size](std::size_t) { return size; };
  workload.draw = [n](std::size_t position, std::uint64_t k) {
    return Draw{k * n + position, k, k};
  };
  executor->run(workload);
  CampaignResult result;
  collect(input, *executor, result);
  result.num_faults = size;
  result.images = static_cast<std::int64_t>(n);
  result.sdc_interval = {result.sdc_rate, result.sdc_rate};
  result.vulnerability_interval = {result.vulnerability, result.vulnerability};
  const double harmful = result.outcome_rates[static_cast<std::size_t>(Outcome::kHarmful)];
  result.harmful_interval = {harmful, harmful};
  result.method = "census: every fault of the space on every image; no sampling error";
  result.stop_reason = "every fault tried";
  if (table) result.fault_counts = fault_counts_of(*table, nullptr);
  return result;
}

}  // namespace deepaxe::fault
