#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include "deepaxe/fault/sampling.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stopping.h"

namespace deepaxe::fault {
namespace {

// Pairs [begin, end) of the sequence; `begin` is 0 or a whole number of sweeps: only the last round
// is cut.
Workload round_of(const PlanInput& input, const std::vector<std::uint32_t>& order,
                  std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t n = order.size();
  const std::uint64_t first_sweep = begin / n;
  Workload workload;
  workload.num_positions = static_cast<std::size_t>(std::min(n, end));
  workload.max_draws = (end - begin + n - 1) / n;
  workload.counts_golden = begin == 0;
  workload.image = [&order](std::size_t position) { return std::size_t{order[position]}; };
  workload.num_draws = [=](std::size_t position) {
    return position < end ? (end - 1 - position) / n + 1 - first_sweep : 0;
  };
  const std::uint64_t size = input.space.size(), seed = input.params.seed;
  workload.draw = [=](std::size_t position, std::uint64_t k) {
    const std::uint64_t pair = (first_sweep + k) * n + position;
    const std::uint64_t fault = uniform_fault(size, pair, seed);
    return Draw{pair, fault, fault};
  };
  return workload;
}

void fill_intervals(double confidence, CampaignResult& result) {
  const OutcomeCounts& counts = result.total;
  const std::int64_t pairs = counts.pairs(), harmful = counts[Outcome::kHarmful];
  result.sdc_interval = clopper_pearson(counts.sdc(), pairs, confidence);
  result.harmful_interval = clopper_pearson(harmful, pairs, confidence);
  result.vulnerability_interval =
      difference_interval(harmful, counts[Outcome::kBeneficial], pairs, confidence);
}

void fill_mean_loss(double confidence, CampaignResult& result) {
  if (!result.margin_loss) return;
  LossSums losses;
  for (const LossSums& row : result.margin_loss->by_stratum) losses += row;
  const StratumSample sample =
      loss_sample(losses, result.total.pairs(), 1, std::numeric_limits<double>::infinity());
  result.margin_loss->loss = mean_loss(std::span(&sample, 1), losses.largest, confidence);
}

}  // namespace

CampaignResult run_uniform_pairs(const PlanInput& input) {
  const CampaignParams& params = input.params;
  const std::vector<std::uint32_t> order =
      permutation(static_cast<std::uint32_t>(input.num_images), params.seed);
  const std::unique_ptr<FaultTable> table = table_if_asked(input);
  const std::unique_ptr<PairExecutor> executor = input.make_executor(params, table.get());
  CampaignResult result;
  std::uint64_t done = 0;
  sample_in_rounds(
      params, {order.size(), 0, params.max_pairs},
      [&](std::uint64_t pairs, double confidence) {
        executor->run(round_of(input, order, done, pairs));
        done = pairs;
        collect(input, *executor, result);
        fill_intervals(confidence, result);
        fill_mean_loss(confidence, result);
      },
      [&](std::uint64_t pairs) {  // Widths fall as the square root.
        const double shrink = std::sqrt(static_cast<double>(done) / static_cast<double>(pairs));
        return Expectation{result.sdc_rate, result.sdc_interval.half_width() * shrink,
                           result.vulnerability_interval.half_width() * shrink};
      },
      result);
  result.num_faults = done;
  result.images = static_cast<std::int64_t>(std::min<std::uint64_t>(done, order.size()));
  result.method =
      std::string(
          "pairs (fault, image) drawn uniformly, images balanced; SDC rate: "
          "Clopper-Pearson; vulnerability: Tango's score interval of (harmful - beneficial) "
          "/ pairs; ") +
      confidence_note(params);
  report_faults(input, table.get());
  return result;
}

}  // namespace deepaxe::fault
