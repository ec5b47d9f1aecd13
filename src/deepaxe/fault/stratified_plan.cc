#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <stdexcept>

#include "deepaxe/base/philox.h"
#include "deepaxe/fault/allocation.h"
#include "deepaxe/fault/sampling.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stopping.h"
#include "deepaxe/fault/stratified_estimate.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {
namespace {

constexpr std::uint64_t kPilotShare = 16;           // One in so many pairs of the budget...
constexpr std::uint64_t kMostPilotPairs = 125'000;  // ...for a margin may need far fewer.
constexpr std::uint64_t kPilotPairsPerImage = 64;   // A golden run costs as much as some 50 faults.
constexpr std::uint64_t kPilotStream = 17;          // Of the seed, apart from those in sampling.cc.

using Counts = std::vector<std::uint64_t>;

std::uint64_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// The pairs of each stratum with one of the outcomes `plus`, and those with one of `minus`.
std::vector<StratumSample> samples_of(const StratifiedSequence& sequence,
                                      const std::vector<OutcomeCounts>& by_stratum,
                                      std::initializer_list<Outcome> plus,
                                      std::initializer_list<Outcome> minus = {}) {
  std::vector<StratumSample> samples;
  for (std::size_t h = 0; h < by_stratum.size(); ++h) {
    StratumSample& sample = samples.emplace_back();
    sample.weight = sequence.strata()[h].weight;
    sample.population = static_cast<double>(sequence.num_pairs(h));
    sample.drawn = by_stratum[h].pairs();
    for (const Outcome outcome : plus) sample.plus += by_stratum[h][outcome];
    for (const Outcome outcome : minus) sample.minus += by_stratum[h][outcome];
    sample.squares = sample.plus + sample.minus;
  }
  return samples;
}

std::vector<StratumSample> sdc_samples(const StratifiedSequence& sequence,
                                       const std::vector<OutcomeCounts>& by_stratum) {
  return samples_of(sequence, by_stratum,
                    {Outcome::kHarmful, Outcome::kBeneficial, Outcome::kNeutral});
}

void fill_estimates(const StratifiedSequence& sequence, double confidence, CampaignResult& result) {
  const std::vector<OutcomeCounts>& counts = result.by_tensor_bit;
  const Estimate sdc = stratified_proportion(sdc_samples(sequence, counts), confidence);
  const Estimate difference = stratified_difference(
      samples_of(sequence, counts, {Outcome::kHarmful}, {Outcome::kBeneficial}), confidence);
  result.sdc_rate = sdc.value;
  result.sdc_interval = sdc.interval;
  result.vulnerability = difference.value;
  result.vulnerability_interval = difference.interval;
  result.harmful_interval =
      stratified_proportion(samples_of(sequence, counts, {Outcome::kHarmful}), confidence).interval;
  result.outcome_rates = {};
  for (std::size_t h = 0; h < counts.size(); ++h) {
    const double scale = sequence.strata()[h].weight / static_cast<double>(counts[h].pairs());
    for (std::size_t i = 0; i < kNumOutcomes; ++i) {
      result.outcome_rates[i] += scale * static_cast<double>(counts[h].counts[i]);
    }
  }
  if (!result.margin_loss) return;
  std::vector<StratumSample> losses;
  int largest = 0;
  for (std::size_t h = 0; h < counts.size(); ++h) {
    largest = std::max(largest, result.margin_loss->by_tensor_bit[h].largest);
    losses.push_back(loss_sample(result.margin_loss->by_tensor_bit[h], counts[h].pairs(),
                                 sequence.strata()[h].weight,
                                 static_cast<double>(sequence.num_pairs(h))));
  }
  result.margin_loss->loss = mean_loss(losses, largest, confidence);
}

// Of one round: which pairs of which strata an image meets.
class Round {
 public:
  // The pairs [begin[h], end[h]) of each stratum. The sequence outlives the round.
  Round(const StratifiedSequence& sequence, Counts begin, const Counts& end)
      : sequence_(sequence), begin_(std::move(begin)) {
    const std::uint64_t n = sequence.num_images();
    first_draw_.resize(n * (begin_.size() + 1));
    for (std::uint32_t position = 0; position < n; ++position) {
      std::uint32_t draws = 0;
      for (std::size_t h = 0; h < begin_.size(); ++h) {
        first_draw_[row(position) + h] = draws;
        const std::uint64_t first = sequence.next_index(h, begin_[h], position);
        if (first < end[h]) draws += static_cast<std::uint32_t>((end[h] - 1 - first) / n + 1);
      }
      first_draw_[row(position) + begin_.size()] = draws;
      most_draws_ = std::max(most_draws_, draws);
    }
  }

  std::uint32_t num_draws(std::size_t position) const {
    return first_draw_[row(position) + begin_.size()];
  }
  std::uint32_t most_draws() const noexcept { return most_draws_; }

  Draw draw(std::size_t position, std::uint64_t k) const {
    const auto first = first_draw_.begin() + static_cast<std::ptrdiff_t>(row(position));
    const auto last = first + static_cast<std::ptrdiff_t>(begin_.size());
    const auto h = static_cast<std::size_t>(std::upper_bound(first, last, k) - first) - 1;
    const std::uint64_t index =
        sequence_.next_index(h, begin_[h], static_cast<std::uint32_t>(position)) +
        (k - first_draw_[row(position) + h]) * sequence_.num_images();
    const std::uint64_t fault = sequence_.at(h, index).fault;
    return {index * begin_.size() + h, fault, fault};
  }

 private:
  std::size_t row(std::size_t position) const { return position * (begin_.size() + 1); }

  const StratifiedSequence& sequence_;
  Counts begin_;
  std::vector<std::uint32_t> first_draw_;  // [position][stratum]: draws of the strata before it.
  std::uint32_t most_draws_ = 0;
};

void run_round(const StratifiedSequence& sequence, const Counts& begin, const Counts& end,
               const std::vector<std::uint32_t>& order, PairExecutor& executor) {
  const Round round(sequence, begin, end);
  Workload workload;
  workload.num_positions = sequence.num_images();
  workload.max_draws = std::max(round.most_draws(), 1U);  // Golden classes are counted for all.
  workload.counts_golden = sum(begin) == 0;
  workload.image = [&order](std::size_t position) { return std::size_t{order[position]}; };
  workload.num_draws = [&round](std::size_t position) {
    return std::uint64_t{round.num_draws(position)};
  };
  workload.draw = [&round](std::size_t position, std::uint64_t k) {
    return round.draw(position, k);
  };
  executor.run(workload);
}

std::vector<double> prior_rates(const std::vector<Stratum>& strata) {
  std::vector<double> rates;
  rates.reserve(strata.size());
  for (const Stratum& stratum : strata) rates.push_back(stratum.prior_rate);
  return rates;
}

}  // namespace

std::uint64_t pilot_pairs(const PlanInput& input) {
  const std::uint64_t pairs = std::min(input.params.max_pairs / kPilotShare, kMostPilotPairs);
  return pairs >= strata_of(input.space).size() ? pairs : 0;
}

std::vector<double> run_pilot(const PlanInput& input) {
  CampaignParams params = input.params;
  params.recheck_fraction = 0;
  params.measure_margin = false;
  params.seed = base::CounterRng(params.seed, kPilotStream).below(~std::uint64_t{0}, 0);
  const std::uint64_t pairs = pilot_pairs(input);
  const auto num_images = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(input.num_images, pairs / kPilotPairsPerImage + 1));
  const StratifiedSequence sequence(strata_of(input.space), num_images, params.seed);
  const std::vector<double> rates = prior_rates(sequence.strata());
  const auto budget = static_cast<double>(params.max_pairs);
  std::vector<double> shares =
      allocate(sdc_samples(sequence, std::vector<OutcomeCounts>(rates.size())), rates, budget);
  if (pairs == 0) return shares;
  const std::vector<std::uint32_t> order =
      permutation(static_cast<std::uint32_t>(input.num_images), params.seed);
  const std::unique_ptr<PairExecutor> executor = input.make_executor(params, nullptr);
  run_round(sequence, Counts(rates.size()), sequence.counts_within(shares, pairs), order,
            *executor);
  CampaignResult pilot;
  collect(input, *executor, pilot);
  return allocate(sdc_samples(sequence, pilot.by_tensor_bit), rates, budget);
}

CampaignResult run_stratified(const PlanInput& input) {
  const CampaignParams& params = input.params;
  const StratifiedSequence sequence(strata_of(input.space),
                                    static_cast<std::uint32_t>(input.num_images), params.seed);
  const std::uint64_t budget = params.max_pairs - pilot_pairs(input);
  if (budget < sequence.strata().size()) {
    throw std::invalid_argument("fault campaign: max_pairs is below one pair of each stratum");
  }
  const std::vector<double> shares = params.shares.empty() ? run_pilot(input) : params.shares;
  if (shares.size() != sequence.strata().size()) {
    throw std::invalid_argument("fault campaign: shares of other strata");
  }
  const std::vector<std::uint32_t> order = permutation(sequence.num_images(), params.seed);
  const std::unique_ptr<FaultTable> table = table_if_asked(input);
  const std::unique_ptr<PairExecutor> executor = input.make_executor(params, table.get());
  CampaignResult result;
  Counts done(shares.size());
  sample_in_rounds(params, order.size(), budget, result,
                   [&](std::uint64_t pairs, double confidence) {
                     Counts next = sequence.counts_within(shares, pairs);
                     run_round(sequence, done, next, order, *executor);
                     done = std::move(next);
                     collect(input, *executor, result);
                     fill_estimates(sequence, confidence, result);
                   });
  result.num_faults = sum(done);
  result.pilot_pairs = pilot_pairs(input);
  result.images = static_cast<std::int64_t>(order.size());
  result.method =
      std::string(
          "strata (layer, bit) sampled without repetition, images balanced, shares by a "
          "pilot that is not counted; SDC rate: Clopper-Pearson, vulnerability: Tango's "
          "score interval, of effective counts; ") +
      confidence_note(params);
  report_faults(input, table.get());
  return result;
}

}  // namespace deepaxe::fault
