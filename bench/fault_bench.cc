// Goals: at least 4 M pairs/s of a LeNet-5 census and 30,000 of AlexNet, golden runs included; 10
// times what running the rest of the network behind the fault gives, 40 times whole runs. Unit: one
// pair (items per second). Input: the paper's shapes with random weights and images, 1KVP in every
// layer or exact; one thread.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/test_network.h"

namespace {

namespace arith = deepaxe::arith;
namespace engine = deepaxe::engine;
namespace fault = deepaxe::fault;
namespace model = deepaxe::model;
using deepaxe::fault::CampaignParams;
using deepaxe::fault::Sampling;

engine::Assignment everywhere(const model::Int8Model& model, const std::string& name) {
  engine::Assignment assignment = engine::exact_assignment(model);
  for (auto& multiplier : assignment.multipliers) multiplier = arith::find_multiplier(name);
  return assignment;
}

void run(benchmark::State& state, const model::Int8Model& model, const std::string& name,
         std::size_t num_images, const CampaignParams& params) {
  const engine::Int8Engine engine(model);
  const engine::Assignment assignment = everywhere(model, name);
  const auto images = fault::testing::random_images(model, num_images, 1);
  const std::vector<int> labels(num_images, 0);
  std::int64_t pairs = 0;
  for (auto _ : state) {
    pairs += fault::run_campaign(engine, assignment, images, labels, params).total.pairs();
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

// What is spared: the nodes behind node `hit` for 64 faults of its tensor at once, with the same
// kernels; hit = 0 runs the whole network for each fault.
class RestRunner {
 public:
  RestRunner(const engine::Int8Engine& engine, const engine::Assignment& assignment,
             std::span<const std::int8_t> image)
      : engine_(engine), multipliers_(engine.model().nodes.size()) {
    tensors_ = engine.run_all(assignment, 1, image);
    for (auto& tensor : tensors_) {
      const std::vector<std::int8_t> one = tensor;
      for (std::size_t i = 1; i < kBatch; ++i) tensor.insert(tensor.end(), one.begin(), one.end());
    }
    const std::vector<int> nodes = model::computing_nodes(engine.model());
    const fault::LayerMultipliers layers = fault::layer_multipliers(assignment);
    for (std::size_t l = 0; l < nodes.size(); ++l) {
      multipliers_[static_cast<std::size_t>(nodes[l])] = layers[l];
    }
  }

  void run(int hit) {
    for (int n = hit + 1; n <= engine_.logits_node(); ++n) {
      std::vector<const std::int8_t*> inputs;
      for (const int input : engine_.model().nodes[static_cast<std::size_t>(n)].inputs) {
        inputs.push_back(tensors_[static_cast<std::size_t>(input)].data());
      }
      engine_.run_node(n, kBatch, inputs, multipliers_[static_cast<std::size_t>(n)],
                       tensors_[static_cast<std::size_t>(n)].data());
    }
    benchmark::DoNotOptimize(tensors_[static_cast<std::size_t>(engine_.logits_node())].data());
  }

  static constexpr int kBatch = 64;

 private:
  const engine::Int8Engine& engine_;
  std::vector<std::vector<const arith::Multiplier*>> multipliers_;
  std::vector<std::vector<std::int8_t>> tensors_;
};

// 64 faults of each tensor, as often as its share of the space says.
void lenet5_rest(benchmark::State& state, const std::string& multiplier, bool is_whole) {
  const model::Int8Model model = fault::testing::lenet5_network(1);
  const engine::Int8Engine engine(model);
  const engine::Assignment assignment = everywhere(model, multiplier);
  RestRunner runner(engine, assignment, fault::testing::random_images(model, 1, 1));
  const fault::FaultSpace space(model);
  std::uint64_t next = 0;
  for (auto _ : state) {
    // Every 577th block of 64 faults: a stride prime to their number meets each tensor by its size.
    const std::uint64_t fault = next++ * 577 * RestRunner::kBatch % space.size();
    runner.run(is_whole ? 0 : space.at(fault).node);
  }
  state.SetItemsProcessed(state.iterations() * RestRunner::kBatch);
}
BENCHMARK_CAPTURE(lenet5_rest, kvp_behind_the_fault, "1KVP", false);
BENCHMARK_CAPTURE(lenet5_rest, exact_behind_the_fault, "exact", false);
BENCHMARK_CAPTURE(lenet5_rest, kvp_whole, "1KVP", true);
BENCHMARK_CAPTURE(lenet5_rest, exact_whole, "exact", true);

void lenet5_census(benchmark::State& state, const std::string& multiplier) {
  run(state, fault::testing::lenet5_network(1), multiplier, 20, params_of(Sampling::kCensus, 0));
}
BENCHMARK_CAPTURE(lenet5_census, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet5_census, exact, "exact")->Unit(benchmark::kMillisecond);

void lenet5_weights_census(benchmark::State& state, const std::string& multiplier) {
  CampaignParams params = params_of(Sampling::kCensus, 0);
  params.space.targets = {fault::Target::kWeight, fault::Target::kBias};
  run(state, fault::testing::lenet5_network(1), multiplier, 5, params);
}
BENCHMARK_CAPTURE(lenet5_weights_census, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet5_weights_census, exact, "exact")->Unit(benchmark::kMillisecond);

// 256 faults for each image, in rounds of growing size: an exploration's usual campaign.
void lenet5_pairs(benchmark::State& state, const std::string& multiplier) {
  run(state, fault::testing::lenet5_network(1), multiplier, 200,
      params_of(Sampling::kUniformPairs, 200 * 256));
}
BENCHMARK_CAPTURE(lenet5_pairs, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet5_pairs, exact, "exact")->Unit(benchmark::kMillisecond);

void alexnet_pairs(benchmark::State& state, const std::string& multiplier) {
  run(state, fault::testing::alexnet_network(1), multiplier, 4,
      params_of(Sampling::kUniformPairs, 4 * 512));
}
BENCHMARK_CAPTURE(alexnet_pairs, kvp, "1KVP")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(alexnet_pairs, exact, "exact")->Unit(benchmark::kMillisecond);

}  // namespace
