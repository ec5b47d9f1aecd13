// Goal: at most 2 us for a (fault, image) of a LeNet-5 census, golden runs included. Unit: one pair
// (items per second). Input: the paper's shapes with random weights and images, 1KVP in every layer
// or exact; one thread.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/test_network.h"

namespace {

using deepaxe::fault::CampaignParams;
using deepaxe::fault::Sampling;

void run(benchmark::State& state, const deepaxe::model::Int8Model& model, const std::string& name,
         std::size_t num_images, const CampaignParams& params) {
  const deepaxe::engine::Int8Engine engine(model);
  deepaxe::engine::Assignment assignment = deepaxe::engine::exact_assignment(model);
  for (auto& multiplier : assignment.multipliers) {
    multiplier = deepaxe::arith::find_multiplier(name);
  }
  const auto images = deepaxe::fault::testing::random_images(model, num_images, 1);
  const std::vector<int> labels(num_images, 0);
  std::int64_t pairs = 0;
  for (auto _ : state) {
    pairs += deepaxe::fault::run_campaign(engine, assignment, images, labels, params).total.pairs();
  }
  state.SetItemsProcessed(pairs);
}

CampaignParams params_of(Sampling sampling, std::uint64_t max_pairs) {
  CampaignParams params;
  params.sampling = sampling;
  params.max_pairs = max_pairs;
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.recheck_fraction = 0;
  params.num_threads = 1;
  return params;
}

void lenet5_census(benchmark::State& state, const std::string& multiplier) {
  run(state, deepaxe::fault::testing::lenet5_network(1), multiplier, 20,
      params_of(Sampling::kCensus, 0));
}
BENCHMARK_CAPTURE(lenet5_census, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet5_census, exact, "exact")->Unit(benchmark::kMillisecond);

// 256 faults for each image, in rounds of growing size: an exploration's usual campaign.
void lenet5_pairs(benchmark::State& state, const std::string& multiplier) {
  run(state, deepaxe::fault::testing::lenet5_network(1), multiplier, 200,
      params_of(Sampling::kUniformPairs, 200 * 256));
}
BENCHMARK_CAPTURE(lenet5_pairs, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet5_pairs, exact, "exact")->Unit(benchmark::kMillisecond);

void alexnet_pairs(benchmark::State& state, const std::string& multiplier) {
  run(state, deepaxe::fault::testing::alexnet_network(1), multiplier, 4,
      params_of(Sampling::kUniformPairs, 4 * 512));
}
BENCHMARK_CAPTURE(alexnet_pairs, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(alexnet_pairs, exact, "exact")->Unit(benchmark::kMillisecond);

}  // namespace
