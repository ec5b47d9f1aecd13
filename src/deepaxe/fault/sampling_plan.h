// SamplingPlan: one function for each way of choosing the pairs of a campaign.
#pragma once

#include <functional>
#include <memory>
#include <span>
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
  /// Of the exact design without faults, by image; may be empty: images then are of one class.
  std::span<const int> margins;
  /// For the given params, which outlive the executor; the table may be null.
  std::function<std::unique_ptr<PairExecutor>(const CampaignParams&, FaultTable*)> make_executor;
};

/// By params.sampling; all of the result but `seconds`.
CampaignResult run_plan(const PlanInput& input);

CampaignResult run_uniform_pairs(const PlanInput& input);
CampaignResult run_stratified(const PlanInput& input);
CampaignResult run_census(const PlanInput& input);
/// kFaultList, kCommonFaults, kDeepaxe2023.
CampaignResult run_fault_list(const PlanInput& input);

/// PlanInput::margins: of the exact design, by image; images [n, input size] in codes. num_threads
/// 0: all of the machine.
std::vector<int> golden_margins(const engine::Int8Engine& engine,
                                std::span<const std::int8_t> images, int num_threads);

/// Classes of images by their margins, and shares of the strata by a pilot: on a part of the
/// images, for its golden runs are to cost no more than its faults.
Allocation run_pilot(const PlanInput& input);
/// A sixteenth of the budget, at most 125,000; 0 where that is less than a pair for each stratum.
std::uint64_t pilot_pairs(const CampaignParams& params, std::size_t num_strata);

/// Counts of the executor's pairs so far, with the plain rates of these counts, and the plain mean
/// of the losses of margin, a point: all images are of one class.
void collect(const PlanInput& input, const PairExecutor& executor, CampaignResult& result);
/// The counts alone, of images in these classes.
void collect_counts(const PlanInput& input, const PairExecutor& executor,
                    std::span<const std::uint32_t> class_bounds, CampaignResult& result);

/// `count` whole faults, the k-th being fault_at(k), each on all images, a block after the other;
/// `visit`, which may be empty, is called with the counts of each, in order. Fills what all such
/// campaigns have in common.
void run_whole_faults(const PlanInput& input, std::uint64_t count,
                      const std::function<std::uint64_t(std::uint64_t k)>& fault_at,
                      const std::function<void(const FaultCounts&)>& visit, CampaignResult& result);

/// The faults asked about are all that were tried: intervals are points.
void fill_point_intervals(CampaignResult& result);

/// Counts by fault of a plan that tries some faults on some images; null where nobody asks.
std::unique_ptr<FaultTable> table_if_asked(const PlanInput& input);
/// Hands those of the faults tried to CampaignParams::on_fault.
void report_faults(const PlanInput& input, const FaultTable* table);

}  // namespace deepaxe::fault
