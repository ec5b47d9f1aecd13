#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/fault/plan.h"
#include "deepaxe/fault/sampling.h"
#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {
namespace {

std::vector<std::uint64_t> draw_faults(const PlanInput& input) {
  const CampaignParams& params = input.params;
  if (params.sampling == Sampling::kFaultList) return params.fault_list;
  const bool is_paper = params.sampling == Sampling::kDeepaxe2023;
  std::uint64_t count = params.num_faults;
  if (count == 0 && is_paper) {
    count = plan_samples(input.model, params.space.include_input).paper_rule;
  }
  if (count == 0) throw std::invalid_argument("fault campaign: num_faults is 0");
  const std::vector<PaperLayer> layers = paper_layers(input.model, input.space);
  std::vector<std::uint64_t> faults(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    faults[i] = is_paper ? layer_uniform_fault(layers, input.space, i, params.seed)
                         : uniform_fault(input.space.size(), i, params.seed);
  }
  return faults;
}

// Of the mean over faults of values in [low, high]. Without spread there is none to estimate from:
// then at most the share of faults that none of n shows can have another value, by any amount.
Interval mean_interval(const std::vector<double>& values, double low, double high) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  Interval interval;
  if (*least == *most) {
    const auto n = static_cast<std::int64_t>(values.size());
    const double reach = clopper_pearson(0, n).high * (high - low);
    interval = {*least - reach, *least + reach};
  } else {
    interval = student_t(values);
  }
  return {std::clamp(interval.low, low, high), std::clamp(interval.high, low, high)};
}

void fill_intervals(const FaultTable& table, CampaignResult& result) {
  std::vector<double> sdc, vulnerabilities, harmful;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const OutcomeCounts counts = table.at(i);
    sdc.push_back(sdc_rate(counts));
    vulnerabilities.push_back(vulnerability(counts));
    harmful.push_back(static_cast<double>(counts[Outcome::kHarmful]) /
                      static_cast<double>(counts.pairs()));
  }
  result.sdc_interval = mean_interval(sdc, 0, 1);
  result.vulnerability_interval = mean_interval(vulnerabilities, -1, 1);
  result.harmful_interval = mean_interval(harmful, 0, 1);
}

// The faults are all that is asked about.
void fill_point_intervals(CampaignResult& result) {
  const double harmful = result.outcome_rates[static_cast<std::size_t>(Outcome::kHarmful)];
  result.sdc_interval = {result.sdc_rate, result.sdc_rate};
  result.vulnerability_interval = {result.vulnerability, result.vulnerability};
  result.harmful_interval = {harmful, harmful};
}

std::string method_of(Sampling sampling) {
  if (sampling == Sampling::kFaultList) {
    return "the faults listed, each on all images: rates are theirs, no sampling error";
  }
  const std::string drawn =
      sampling == Sampling::kDeepaxe2023
          ? "layer, then neuron, then bit, each uniform, flatten counted again; the same faults on "
            "all images; layer-uniform sampling over-weights small late layers against their share "
            "of the memory; "
          : "faults drawn uniformly, each on all images; ";
  return drawn +
         "Student t 95 % over faults, which covers less than it says, for outcomes of faults are "
         "skewed; where all faults agree, the Clopper-Pearson bound of those that could differ";
}

}  // namespace

CampaignResult run_fault_list(const PlanInput& input) {
  const std::vector<std::uint64_t> faults = draw_faults(input);
  FaultTable table(faults.size());
  const std::unique_ptr<PairExecutor> executor = input.make_executor(input.params, &table);
  const std::uint64_t n = input.num_images;
  Workload workload;
  workload.num_positions = input.num_images;
  workload.max_draws = faults.size();
  workload.image = [](std::size_t position) { return position; };
  workload.num_draws = [&](std::size_t) { return faults.size(); };
  workload.draw = [n, &faults](std::size_t position, std::uint64_t k) {
    return Draw{k * n + position, faults[k], k};
  };
  executor->run(workload);
  CampaignResult result;
  collect(input, *executor, result);
  result.num_faults = faults.size();
  result.images = static_cast<std::int64_t>(n);
  if (input.params.sampling == Sampling::kFaultList) {
    fill_point_intervals(result);
  } else {
    fill_intervals(table, result);
  }
  result.stop_reason = fmt::format("{} faults tried on {} images", faults.size(), n);
  result.method = method_of(input.params.sampling);
  if (input.params.keep_fault_counts) result.fault_counts = fault_counts_of(table, &faults);
  return result;
}

}  // namespace deepaxe::fault
