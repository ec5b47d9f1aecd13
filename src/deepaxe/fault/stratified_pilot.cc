// The pilot of a campaign of strata: how to spread its pairs, and how many it will need.
#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "deepaxe/base/parallel.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/fault/allocation.h"
#include "deepaxe/fault/image_classes.h"
#include "deepaxe/fault/margin.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stopping.h"
#include "deepaxe/fault/strata_samples.h"
#include "deepaxe/fault/stratified_round.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {
namespace {

constexpr std::uint64_t kPilotShare = 16;           // One in so many pairs of the budget...
constexpr std::uint64_t kMostPilotPairs = 125'000;  // ...for a margin may need far fewer.
constexpr std::uint64_t kPilotPairsPerImage = 64;   // A golden run costs as much as some 50 faults.
constexpr std::uint64_t kPilotStream = 17;          // Of the seed, apart from those in sampling.cc.

std::vector<double> prior_rates(const std::vector<Stratum>& strata) {
  std::vector<double> rates;
  rates.reserve(strata.size());
  for (const Stratum& stratum : strata) rates.push_back(stratum.prior_rate);
  return rates;
}

ImageClasses classes_of(const PlanInput& input) {
  const std::size_t num_classes =
      input.margins.empty() ? 1 : num_image_classes(input.space, input.num_images, input.params);
  return image_classes(static_cast<std::uint32_t>(input.num_images), input.margins, num_classes,
                       input.params.seed);
}

// Of a part of the images, weighing what all of them do.
std::vector<Stratum> pilot_strata(const FaultSpace& space, const std::vector<Stratum>& strata,
                                  const ImageClasses& part) {
  std::vector<Stratum> pilot = strata_of(space, part.first);
  for (std::size_t h = 0; h < strata.size(); ++h) pilot[h].weight = strata[h].weight;
  return pilot;
}

}  // namespace

std::vector<int> golden_margins(const engine::Int8Engine& engine,
                                std::span<const std::int8_t> images, int num_threads) {
  const engine::Evaluation golden =
      engine::evaluate(engine, engine::exact_assignment(engine.model()), images, {},
                       num_threads > 0 ? num_threads : base::default_thread_count());
  const std::size_t num_images = golden.predictions.size();
  const std::size_t num_classes = golden.logits.size() / num_images;
  std::vector<int> margins;
  for (std::size_t i = 0; i < num_images; ++i) {
    margins.push_back(margin_of(std::span(golden.logits).subspan(i * num_classes, num_classes),
                                golden.predictions[i]));
  }
  return margins;
}

std::uint64_t pilot_pairs(const CampaignParams& params, std::size_t num_strata) {
  const std::uint64_t pairs = std::min(params.max_pairs / kPilotShare, kMostPilotPairs);
  return pairs >= num_strata ? pairs : 0;
}

Allocation run_pilot(const PlanInput& input) {
  CampaignParams params = input.params;
  params.recheck_fraction = 0;
  params.measure_margin = false;
  params.seed = base::CounterRng(params.seed, kPilotStream).below(~std::uint64_t{0}, 0);
  Allocation allocation{classes_of(input), {}};
  const std::vector<Stratum> strata = strata_of(input.space, allocation.images.first);
  const std::vector<double> rates = prior_rates(strata);
  const auto budget = static_cast<double>(params.max_pairs);
  const std::uint64_t pairs = pilot_pairs(params, strata.size());
  const ImageClasses part = thinned(allocation.images, pairs / kPilotPairsPerImage + 1);
  const StratifiedSequence sequence(pilot_strata(input.space, strata, part), params.seed);
  allocation.shares =
      allocate(sdc_samples(strata, std::vector<OutcomeCounts>(strata.size())), rates, budget);
  if (pairs == 0) return allocation;
  const std::unique_ptr<PairExecutor> executor = input.make_executor(params, nullptr);
  run_round(sequence, part, std::vector<std::uint64_t>(strata.size()),
            sequence.counts_within(allocation.shares, pairs), *executor);
  CampaignResult pilot;
  collect_counts(input, *executor, part.first, pilot);
  allocation.shares = allocate(sdc_samples(strata, pilot.by_stratum), rates, budget);
  const StratifiedSequence all(strata, params.seed);
  allocation.first_pairs = first_look(params, input.num_images, [&](std::uint64_t drawn) {
    return expected(strata, pilot.by_stratum, all.counts_within(allocation.shares, drawn));
  });
  return allocation;
}

}  // namespace deepaxe::fault
