#include "deepaxe/fault/strata_samples.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace deepaxe::fault {
namespace {

// The pairs of each stratum with one of the outcomes `plus`, and those with one of `minus`.
std::vector<StratumSample> samples_of(std::span<const Stratum> strata,
                                      std::span<const OutcomeCounts> by_stratum,
                                      std::initializer_list<Outcome> plus,
                                      std::initializer_list<Outcome> minus = {}) {
  std::vector<StratumSample> samples;
  for (std::size_t h = 0; h < by_stratum.size(); ++h) {
    StratumSample& sample = samples.emplace_back();
    sample.weight = strata[h].weight;
    sample.population = static_cast<double>(strata[h].num_pairs());
    sample.drawn = by_stratum[h].pairs();
    for (const Outcome outcome : plus) sample.plus += by_stratum[h][outcome];
    for (const Outcome outcome : minus) sample.minus += by_stratum[h][outcome];
    sample.squares = sample.plus + sample.minus;
  }
  return samples;
}

// With `drawn` pairs of each, of the same outcomes; never more than there are.
std::vector<StratumSample> scaled(std::vector<StratumSample> samples,
                                  std::span<const std::uint64_t> drawn) {
  for (std::size_t h = 0; h < samples.size(); ++h) {
    StratumSample& sample = samples[h];
    const double factor = static_cast<double>(drawn[h]) / static_cast<double>(sample.drawn);
    const auto grown = [factor](std::int64_t count) {
      return std::llround(factor * static_cast<double>(count));
    };
    sample.drawn = static_cast<std::int64_t>(drawn[h]);
    sample.plus = grown(sample.plus);
    sample.minus = grown(sample.minus);
    sample.squares = sample.plus + sample.minus;
  }
  return samples;
}

}  // namespace

std::vector<StratumSample> sdc_samples(std::span<const Stratum> strata,
                                       std::span<const OutcomeCounts> by_stratum) {
  return samples_of(strata, by_stratum,
                    {Outcome::kHarmful, Outcome::kBeneficial, Outcome::kNeutral});
}

std::vector<StratumSample> drop_samples(std::span<const Stratum> strata,
                                        std::span<const OutcomeCounts> by_stratum) {
  return samples_of(strata, by_stratum, {Outcome::kHarmful}, {Outcome::kBeneficial});
}

void fill_estimates(std::span<const Stratum> strata, double confidence, CampaignResult& result) {
  const std::vector<OutcomeCounts>& counts = result.by_stratum;
  const Estimate sdc = stratified_proportion(sdc_samples(strata, counts), confidence);
  const Estimate difference = stratified_difference(drop_samples(strata, counts), confidence);
  result.sdc_rate = sdc.value;
  result.sdc_interval = sdc.interval;
  result.vulnerability = difference.value;
  result.vulnerability_interval = difference.interval;
  result.harmful_interval =
      stratified_proportion(samples_of(strata, counts, {Outcome::kHarmful}), confidence).interval;
  result.outcome_rates = {};
  for (std::size_t h = 0; h < counts.size(); ++h) {
    const double scale = strata[h].weight / static_cast<double>(counts[h].pairs());
    for (std::size_t i = 0; i < kNumOutcomes; ++i) {
      result.outcome_rates[i] += scale * static_cast<double>(counts[h].counts[i]);
    }
  }
  if (!result.margin_loss) return;
  std::vector<StratumSample> losses;
  int largest = 0;
  for (std::size_t h = 0; h < counts.size(); ++h) {
    largest = std::max(largest, result.margin_loss->by_stratum[h].largest);
    losses.push_back(loss_sample(result.margin_loss->by_stratum[h], counts[h].pairs(),
                                 strata[h].weight, static_cast<double>(strata[h].num_pairs())));
  }
  result.margin_loss->loss = mean_loss(losses, largest, confidence);
}

Expectation expected(std::span<const Stratum> strata, std::span<const OutcomeCounts> by_stratum,
                     std::span<const std::uint64_t> drawn) {
  const Estimate sdc = stratified_proportion(scaled(sdc_samples(strata, by_stratum), drawn));
  const Estimate drop = stratified_difference(scaled(drop_samples(strata, by_stratum), drawn));
  return {sdc.value, sdc.interval.half_width(), drop.interval.half_width()};
}

}  // namespace deepaxe::fault
