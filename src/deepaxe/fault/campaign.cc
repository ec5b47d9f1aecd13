#include "deepaxe/fault/campaign.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "deepaxe/base/input_error.h"
#include "deepaxe/fault/pair_runner.h"
#include "deepaxe/fault/sampling_plan.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {
namespace {

// Below either, a uniform sample is as sharp: thinly sampled strata then cost more than dense ones
// bring (docs/faults.md).
constexpr std::uint64_t kLeastStratifiedPairs = 5'000;
constexpr std::uint64_t kLeastPairsPerStratum = 32;

FaultSpace make_space(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                      std::span<const int> labels, const CampaignParams& params) {
  if (images.size() != labels.size() * engine.node_size(0)) {
    throw std::invalid_argument("fault campaign: images and labels differ in number");
  }
  if (labels.empty()) throw base::InputError({"", "images", "none", "at least one image"});
  FaultSpace space(engine.model(), params.include_input);
  if (space.size() == 0) {
    throw base::InputError({"", "fault space of model " + engine.model().name,
                            "no stored activation",
                            "a tensor that a later layer reads, or --include-input"});
  }
  return space;
}

PlanInput simulated(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                    std::span<const std::int8_t> images, std::span<const int> labels,
                    const CampaignParams& params, const FaultSpace& space) {
  return {
      engine.model(), space, labels.size(), params,
      [&engine, &assignment, &space, images, labels](const CampaignParams& p, FaultTable* table) {
        return std::make_unique<PairRunner>(engine, assignment, images, labels, p, space, table);
      }};
}

}  // namespace

CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params) {
  const auto start = std::chrono::steady_clock::now();
  const FaultSpace space = make_space(engine, images, labels, params);
  CampaignParams with_shares = params;
  if (params.sampling == Sampling::kStratified && params.shares.empty()) {
    with_shares.shares = pilot_shares(engine, images, labels, params);
  }
  CampaignResult result =
      run_plan(simulated(engine, assignment, images, labels, with_shares, space));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  result.seconds = elapsed.count();
  return result;
}

std::vector<double> pilot_shares(const engine::Int8Engine& engine,
                                 std::span<const std::int8_t> images, std::span<const int> labels,
                                 const CampaignParams& params) {
  const FaultSpace space = make_space(engine, images, labels, params);
  const engine::Assignment exact = engine::exact_assignment(engine.model());
  return run_pilot(simulated(engine, exact, images, labels, params, space));
}

Sampling automatic_sampling(const FaultSpace& space, std::size_t num_images,
                            std::uint64_t max_pairs) {
  // size * num_images without overflow: budgets are below 2^40.
  if (num_images > 0 && space.size() > 0 && max_pairs / num_images >= space.size()) {
    return Sampling::kCensus;
  }
  return max_pairs >= least_stratified_pairs(space) ? Sampling::kStratified
                                                    : Sampling::kUniformPairs;
}

std::uint64_t least_stratified_pairs(const FaultSpace& space) {
  return std::max(kLeastStratifiedPairs, kLeastPairsPerStratum * strata_of(space).size());
}

}  // namespace deepaxe::fault
