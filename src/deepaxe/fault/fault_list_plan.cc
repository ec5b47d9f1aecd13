#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/fault/plan.h"
#include "deepaxe/fault/sampling.h"
#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {
namespace {

using FaultAt = std::function<std::uint64_t(std::uint64_t k)>;

std::uint64_t number_of_faults(const PlanInput& input) {
  const CampaignParams& params = input.params;
  if (params.sampling == Sampling::kFaultList) return params.fault_list.size();
  if (params.num_faults == 0 && params.sampling == Sampling::kDeepaxe2023) {
    return plan_samples(input.model, params.space.include_input).paper_rule;
  }
  if (params.num_faults == 0) throw std::invalid_argument("fault campaign: num_faults is 0");
  return params.num_faults;
}

// The k-th fault is drawn anew whenever it is asked for: no list of them is kept.
FaultAt fault_source(const PlanInput& input) {
  const CampaignParams& params = input.params;
  const std::uint64_t seed = params.seed;
  if (params.sampling == Sampling::kFaultList) {
    return [&params](std::uint64_t k) { return params.fault_list[k]; };
  }
  if (params.sampling == Sampling::kDeepaxe2023) {
    return [layers = paper_layers(input.model, input.space), &input, seed](std::uint64_t k) {
      return layer_uniform_fault(layers, input.space, k, seed);
    };
  }
  return
      [size = input.space.size(), seed](std::uint64_t k) { return uniform_fault(size, k, seed); };
}

// Of the mean over faults of values in [low, high]. Without spread there is none to estimate from:
// then at most the share of faults that none of n shows can have another value, by any amount.
Interval mean_interval(const SampleMean& values, double low, double high) {
  Interval interval;
  if (values.is_constant()) {
    const double reach = clopper_pearson(0, values.count()).high * (high - low);
    interval = {values.mean() - reach, values.mean() + reach};
  } else {
    interval = student_t(values);
  }
  return {std::clamp(interval.low, low, high), std::clamp(interval.high, low, high)};
}

// Rates of the faults tried, as a sample of all.
struct FaultSample {
  SampleMean sdc, vulnerability, harmful, margin_loss;

  void add(const FaultCounts& fault) {
    const auto pairs = static_cast<double>(fault.counts.pairs());
    sdc.add(sdc_rate(fault.counts));
    vulnerability.add(fault::vulnerability(fault.counts));
    harmful.add(static_cast<double>(fault.counts[Outcome::kHarmful]) / pairs);
    margin_loss.add(static_cast<double>(fault.margin_loss) / pairs);
  }
};

void fill_intervals(const FaultSample& sample, CampaignResult& result) {
  result.sdc_interval = mean_interval(sample.sdc, 0, 1);
  result.vulnerability_interval = mean_interval(sample.vulnerability, -1, 1);
  result.harmful_interval = mean_interval(sample.harmful, 0, 1);
  if (!result.margin_loss) return;
  result.margin_loss->loss.interval = mean_interval(sample.margin_loss, kLeastLoss, kMostLoss);
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
  const std::uint64_t count = number_of_faults(input);
  const bool is_sample = input.params.sampling != Sampling::kFaultList;
  FaultSample sample;
  std::function<void(const FaultCounts&)> visit = input.params.on_fault;
  if (is_sample) {
    visit = [&](const FaultCounts& fault) {
      sample.add(fault);
      if (input.params.on_fault) input.params.on_fault(fault);
    };
  }
  CampaignResult result;
  run_whole_faults(input, count, fault_source(input), visit, result);
  if (is_sample) {
    fill_intervals(sample, result);
  } else {
    fill_point_intervals(result);
  }
  result.stop_reason = fmt::format("{} faults tried on {} images", count, input.num_images);
  result.method = method_of(input.params.sampling);
  return result;
}

}  // namespace deepaxe::fault
