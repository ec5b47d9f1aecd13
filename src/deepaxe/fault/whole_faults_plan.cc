#include <algorithm>
#include <stdexcept>

#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {
namespace {

// Faults `first` to first + faults.size() - 1 of the campaign on all images.
Workload block_of(const PlanInput& input, const std::vector<std::uint64_t>& faults,
                  std::uint64_t first) {
  const std::uint64_t n = input.num_images;
  Workload workload;
  workload.num_positions = input.num_images;
  workload.max_draws = faults.size();
  workload.counts_golden = first == 0;
  workload.has_whole_faults = true;
  workload.first_fault = first;
  workload.image = [](std::size_t position) { return position; };
  workload.num_draws = [&faults](std::size_t) { return faults.size(); };
  workload.draw = [n, first, &faults](std::size_t position, std::uint64_t k) {
    return Draw{(first + k) * n + position, faults[k], k};
  };
  return workload;
}

}  // namespace

void run_whole_faults(const PlanInput& input, std::uint64_t count,
                      const std::function<std::uint64_t(std::uint64_t)>& fault_at,
                      const std::function<void(const FaultCounts&)>& visit,
                      CampaignResult& result) {
  if (input.params.faults_per_block == 0) {
    throw std::invalid_argument("fault campaign: blocks of no fault");
  }
  const std::uint64_t block = std::min(count, input.params.faults_per_block);
  std::unique_ptr<FaultTable> table;
  if (visit) {
    table = std::make_unique<FaultTable>(block, input.params.measure_margin,
                                         static_cast<std::uint32_t>(input.num_images));
  }
  const std::unique_ptr<PairExecutor> executor = input.make_executor(input.params, table.get());
  std::vector<std::uint64_t> faults;
  for (std::uint64_t first = 0; first < count; first += block) {
    faults.resize(std::min(block, count - first));
    for (std::size_t k = 0; k < faults.size(); ++k) faults[k] = fault_at(first + k);
    executor->run(block_of(input, faults, first));
    if (!visit) continue;
    for (std::size_t k = 0; k < faults.size(); ++k) visit(table->at(k, faults[k]));
    table->clear();
  }
  collect(input, *executor, result);
  result.num_faults = count;
  result.images = static_cast<std::int64_t>(input.num_images);
}

void fill_point_intervals(CampaignResult& result) {
  const double harmful = result.outcome_rates[static_cast<std::size_t>(Outcome::kHarmful)];
  result.sdc_interval = {result.sdc_rate, result.sdc_rate};
  result.vulnerability_interval = {result.vulnerability, result.vulnerability};
  result.harmful_interval = {harmful, harmful};
}

}  // namespace deepaxe::fault
