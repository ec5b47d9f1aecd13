#include "deepaxe/fault/campaign.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "deepaxe/base/input_error.h"
#include "deepaxe/fault/fault_list.h"
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
                      std::span<const int> labels, const engine::Assignment& assignment,
                      const CampaignParams& params) {
  if (images.size() != labels.size() * engine.node_size(0)) {
    throw std::invalid_argument("fault campaign: images and labels differ in number");
  }
  if (labels.empty()) throw base::InputError({"", "images", "none", "at least one image"});
  FaultSpace space(engine.model(), space_for(params.space, assignment));
  if (space.size() == 0) {
    throw base::InputError({"", "fault space of model " + engine.model().name,
                            "no place for a fault of these targets and effects",
                            "others; stored activations need a tensor that a later layer reads"});
  }
  return space;
}

bool hits_nets(const FaultSpaceParams& params) {
  return std::find(params.targets.begin(), params.targets.end(), Target::kMultiplierNet) !=
         params.targets.end();
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

FaultSpaceParams space_for(const FaultSpaceParams& params, const engine::Assignment& assignment) {
  FaultSpaceParams result = params;
  result.num_nets.clear();
  result.circuits.clear();
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    result.num_nets.push_back(multiplier->netlist ? multiplier->netlist->num_nets() : 0);
    result.circuits.push_back(circuit_text(*multiplier));
  }
  return result;
}

CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params) {
  const auto start = std::chrono::steady_clock::now();
  const FaultSpace space = make_space(engine, images, labels, assignment, params);
  CampaignParams with_shares = params;
  if (params.sampling == Sampling::kStratified && params.shares.empty()) {
    // Faults of nets are those of the assignment's own circuits: no other design has them.
    with_shares.shares =
        hits_nets(params.space)
            ? run_pilot(simulated(engine, assignment, images, labels, params, space))
            : pilot_shares(engine, images, labels, params);
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
  const engine::Assignment exact = engine::exact_assignment(engine.model());
  const FaultSpace space = make_space(engine, images, labels, exact, params);
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
