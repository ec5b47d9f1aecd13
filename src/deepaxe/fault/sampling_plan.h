// SamplingPlan: one function for each way of choosing the pairs of a campaign.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/pair_runner.h"

namespace deepaxe::fault {

/// What a plan works on. Outcomes come from the executors it makes: the simulator's, or a table's.
struct PlanInput {
  const model::Int8Model& model;
  const FaultSpace& space;
  std::size_t num_images = 0;
  const CampaignParams& params;
  /// For the given params, which outlive the executor; the table may be null.
  std::function<std::unique_ptr<PairExecutor>(const CampaignParams&, FaultTable*)> make_executor;
};

/// By params.sampling; all of the result but `seconds`.
CampaignResult run_plan(const PlanInput& input);

CampaignResult run_uniform_pairs(const PlanInput& input);
CampaignResult run_stratified(const PlanInput& input);
CampaignResult run_census(const PlanInput& input);
CampaignResult run_fault_list(const PlanInput& input);  ///< kCommonFaults, kDeepaxe2023.

/// Shares of the strata by a pilot, on a part of the images, for its golden runs are to cost no
/// more than its faults.
std::vector<double> run_pilot(const PlanInput& input);
/// A sixteenth of the budget, at most 125,000; 0 where that is less than a pair for each stratum.
std::uint64_t pilot_pairs(const PlanInput& input);

/// Counts of the executor's pairs so far, with the plain rates of these counts.
void collect(const PlanInput& input, const PairExecutor& executor, CampaignResult& result);

/// Records of the faults tried; `faults` names those of the rows, null: the row is the fault.
std::vector<FaultCounts> fault_counts_of(const FaultTable& table,
                                         const std::vector<std::uint64_t>* faults);

/// The whole table of a plan that may try any fault; null unless the counts are to be kept.
std::unique_ptr<FaultTable> table_if_kept(const PlanInput& input);

}  // namespace deepaxe::fault
