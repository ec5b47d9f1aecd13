// Products and whole passes a second of the computing kernels, one core.
// Goals: 15,000 LeNet-5 passes a second in batches with 1KVP everywhere (3,500 is the floor), 100
// AlexNet passes. Why these: they are the networks of the paper, one small and one deep.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/engine/int8_model_for_test.h"
#include "deepaxe/kernel/isa.h"

namespace deepaxe {
namespace {

std::vector<std::int8_t> random_images(std::size_t size) {
  const base::CounterRng rng(1);
  std::vector<std::int8_t> codes(size);
  for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<std::int8_t>(rng.below(256, i));
  return codes;
}

// Arguments: network (0 LeNet-5, 1 AlexNet), kernels (0 reference, 1 table), 1 for 1KVP, batch.
void network_passes(benchmark::State& state) {
  const bool is_lenet = state.range(0) == 0;
  const model::Int8Model model = is_lenet ? engine::random_lenet5() : engine::random_alexnet();
  const engine::Int8Engine engine(
      model, state.range(1) == 0 ? engine::KernelKind::kReference : engine::KernelKind::kTable);
  const engine::Assignment assignment =
      engine::parse_assignment(state.range(2) == 0 ? "exact" : "1KVP", model);
  const auto batch = static_cast<int>(state.range(3));
  const auto images = random_images(static_cast<std::size_t>(batch) * engine.node_size(0));
  std::int64_t macs = 0;
  for (const int node : model::computing_nodes(model)) macs += model::num_macs(model, node);
  std::vector<std::vector<std::int8_t>> tensors;
  for (auto _ : state) {
    engine.run_all_into(assignment, batch, images, tensors);
    benchmark::ClobberMemory();
  }
  const auto passes = static_cast<double>(state.iterations() * batch);
  state.counters["passes/s"] = benchmark::Counter(passes, benchmark::Counter::kIsRate);
  state.counters["products/s"] =
      benchmark::Counter(passes * static_cast<double>(macs), benchmark::Counter::kIsRate);
  state.SetLabel(std::string(kernel::isa_name(kernel::active_isa())));
}
BENCHMARK(network_passes)
    ->ArgNames({"network", "kernels", "approximate", "batch"})
    ->ArgsProduct({{0}, {0, 1}, {0, 1}, {1, 64}})
    ->ArgsProduct({{1}, {1}, {0, 1}, {1, 64}})
    ->Unit(benchmark::kMillisecond);

// One computing layer: arguments network, layer, batch; 1KVP.
void one_layer(benchmark::State& state) {
  const model::Int8Model model =
      state.range(0) == 0 ? engine::random_lenet5() : engine::random_alexnet();
  const engine::Int8Engine engine(model);
  const int node = model::computing_nodes(model)[static_cast<std::size_t>(state.range(1))];
  const int source = model.nodes[static_cast<std::size_t>(node)].inputs.front();
  const auto batch = static_cast<int>(state.range(2));
  const auto input = random_images(static_cast<std::size_t>(batch) * engine.node_size(source));
  std::vector<std::int8_t> output(static_cast<std::size_t>(batch) * engine.node_size(node));
  const arith::Multiplier* multiplier = &arith::find_multiplier("1KVP")->multiplier;
  const std::int8_t* inputs[] = {input.data()};
  for (auto _ : state) {
    engine.run_node(node, batch, inputs, {&multiplier, 1}, output.data());
    benchmark::ClobberMemory();
  }
  state.counters["products/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * batch * model::num_macs(model, node)),
      benchmark::Counter::kIsRate);
}
BENCHMARK(one_layer)
    ->ArgNames({"network", "layer", "batch"})
    ->ArgsProduct({{0}, {0, 1, 2, 3, 4}, {1, 64}})
    ->ArgsProduct({{1}, {0, 1, 2, 3, 4, 5}, {1, 64}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace deepaxe
