#include "deepaxe/fault/campaign.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/fault/fault_list.h"
#include "deepaxe/fault/pair_runner.h"
#include "deepaxe/fault/sampling_plan.h"

namespace deepaxe::fault {
namespace {

// Below either, a uniform sample is as sharp: thinly sampled strata then cost more than dense ones
// bring (docs/faults.md).
constexpr std::uint64_t kLeastStratifiedPairs = 5'000;
constexpr std::uint64_t kLeastPairsPerStratum = 32;
// With classes of images: an event of one that is thinly sampled weighs more, of few events too
// much.
constexpr std::uint64_t kLeastPairsPerStratumAndClass = 128;

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
  return {.model = engine.model(),
          .space = space,
          .num_images = labels.size(),
          .params = params,
          .margins = {},
          .make_executor = [&engine, &assignment, &space, images, labels](const CampaignParams& p,
                                                                          FaultTable* table) {
            return std::make_unique<PairRunner>(engine, assignment, images, labels, p, space,
                                                table);
          }};
}

std::shared_ptr<const Allocation> allocate_on(const engine::Int8Engine& engine,
                                              const engine::Assignment& assignment,
                                              std::span<const std::int8_t> images,
                                              std::span<const int> labels,
                                              const CampaignParams& params) {
  const FaultSpace space = make_space(engine, images, labels, assignment, params);
  PlanInput input = simulated(engine, assignment, images, labels, params, space);
  std::vector<int> margins;
  if (num_image_classes(space, labels.size(), params) > 1) {
    margins = golden_margins(engine, images, params.num_threads);
    input.margins = margins;
  }
  return std::make_shared<const Allocation>(run_pilot(input));
}

}  // namespace

FaultSpaceParams space_for(const FaultSpaceParams& params, const engine::Assignment& assignment) {
  FaultSpaceParams result = params;
  result.num_nets.clear();
  result.circuits.clear();
  for (const arith::MultiplierPtr& multiplier : assignment.multipliers) {
    const auto& netlist = multiplier->netlist;
    result.num_nets.push_back(netlist ? netlist->num_nets() : 0);
    result.circuits.push_back(circuit_text(*multiplier));
  }
  return result;
}

CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params) {
  const auto start = std::chrono::steady_clock::now();
  const FaultSpace space = make_space(engine, images, labels, assignment, params);
  CampaignParams allocated = params;
  if (params.sampling == Sampling::kStratified && !params.allocation) {
    // Faults of nets are those of the assignment's own circuits: no other design has them.
    allocated.allocation = hits_nets(params.space)
                               ? allocate_on(engine, assignment, images, labels, params)
                               : pilot_allocation(engine, images, labels, params);
  }
  CampaignResult result = run_plan(simulated(engine, assignment, images, labels, allocated, space));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  result.seconds = elapsed.count();
  return result;
}

std::shared_ptr<const Allocation> pilot_allocation(const engine::Int8Engine& engine,
                                                   std::span<const std::int8_t> images,
                                                   std::span<const int> labels,
                                                   const CampaignParams& params) {
  return allocate_on(engine, engine::exact_assignment(engine.model()), images, labels, params);
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
  return std::max(kLeastStratifiedPairs, kLeastPairsPerStratum * space.num_rows());
}

std::size_t num_image_classes(const FaultSpace& space, std::size_t num_images,
                              const CampaignParams& params) {
  if (params.on_fault) return 1;
  const std::uint64_t affordable = params.max_pairs / (kLeastPairsPerStratumAndClass *
                                                       std::max<std::size_t>(space.num_rows(), 1));
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(affordable, 1, most_image_classes(num_images)));
}

}  // namespace deepaxe::fault
