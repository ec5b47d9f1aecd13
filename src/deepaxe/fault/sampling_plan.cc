#include "deepaxe/fault/sampling_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/base/input_error.h"

namespace deepaxe::fault {
namespace {

constexpr std::uint64_t kMostKeptFaults = 20'000'000;  // 20 bytes each.

}  // namespace

CampaignResult run_plan(const PlanInput& input) {
  switch (input.params.sampling) {
    case Sampling::kUniformPairs:
      return run_uniform_pairs(input);
    case Sampling::kStratified:
      return run_stratified(input);
    case Sampling::kCensus:
      return run_census(input);
    case Sampling::kFaultList:
    case Sampling::kCommonFaults:
    case Sampling::kDeepaxe2023:
      return run_fault_list(input);
  }
  throw std::invalid_argument("fault campaign: no such sampling");
}

void collect_counts(const PlanInput& input, const PairExecutor& executor,
                    std::span<const std::uint32_t> class_bounds, CampaignResult& result) {
  result.total = {};
  result.golden_correct = 0;
  result.rechecked = 0;
  result.work = {};
  result.changes.clear();
  result.class_sizes.clear();
  for (std::size_t c = 0; c + 1 < class_bounds.size(); ++c) {
    result.class_sizes.push_back(class_bounds[c + 1] - class_bounds[c]);
  }
  const std::size_t num_strata = input.space.num_rows() * result.class_sizes.size();
  result.by_stratum.assign(num_strata, {});
  if (input.params.measure_margin) result.margin_loss.emplace();
  if (result.margin_loss) result.margin_loss->by_stratum.resize(num_strata);
  merge(executor.tallies(), result);
}

void collect(const PlanInput& input, const PairExecutor& executor, CampaignResult& result) {
  collect_counts(input, executor,
                 image_class_bounds(static_cast<std::uint32_t>(input.num_images), 1), result);
  result.sdc_rate = sdc_rate(result.total);
  result.vulnerability = vulnerability(result.total);
  const auto pairs = static_cast<double>(std::max<std::int64_t>(result.total.pairs(), 1));
  for (std::size_t i = 0; i < kNumOutcomes; ++i) {
    result.outcome_rates[i] = static_cast<double>(result.total.counts[i]) / pairs;
  }
  if (!result.margin_loss) return;
  LossSums losses;
  for (const LossSums& row : result.margin_loss->by_stratum) losses += row;
  const double mean = static_cast<double>(losses.lost - losses.gained) / pairs;
  result.margin_loss->loss = {mean, {mean, mean}};
}

std::unique_ptr<FaultTable> table_if_asked(const PlanInput& input) {
  if (!input.params.on_fault) return nullptr;
  if (input.space.size() > kMostKeptFaults) {
    throw base::InputError(
        {"", "counts of every fault", fmt::format("a space of {} faults", input.space.size()),
         fmt::format("at most {}; take fewer targets, or --faults N", kMostKeptFaults)});
  }
  return std::make_unique<FaultTable>(input.space.size(), input.params.measure_margin);
}

void report_faults(const PlanInput& input, const FaultTable* table) {
  for (std::size_t fault = 0; table != nullptr && fault < table->size(); ++fault) {
    const FaultCounts record = table->at(fault, fault);
    if (record.counts.pairs() > 0) input.params.on_fault(record);
  }
}

}  // namespace deepaxe::fault
