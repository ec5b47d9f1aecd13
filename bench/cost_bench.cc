// Goal: cycles and resources of a design in at most 2 microseconds. Unit: one design of LeNet-5's
// shapes. Input: mixed assignments, as an exploration asks; `_before` finds for each design what
// depends on the network alone, as the code did.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/estimator.h"
#include "deepaxe/hw/cost/test_networks.h"

namespace {

using namespace deepaxe::hw::cost;

// Of 1,024 mixed designs: layer l of design d has one of four multipliers, by two bits of d.
using Multipliers = std::vector<const deepaxe::arith::NamedMultiplier*>;
std::vector<Multipliers> mixed_designs() {
  const std::vector<deepaxe::arith::MultiplierPtr> choices = {
      deepaxe::arith::find_multiplier("exact"), deepaxe::arith::find_multiplier("1KV8"),
      deepaxe::arith::find_multiplier("1KV9"), deepaxe::arith::find_multiplier("1KVP")};
  static const std::vector<deepaxe::arith::MultiplierPtr> kept = choices;
  std::vector<Multipliers> designs(1024);
  for (std::size_t d = 0; d < designs.size(); ++d) {
    for (std::size_t l = 0; l < 5; ++l) designs[d].push_back(kept[d >> 2 * l & 3].get());
  }
  return designs;
}

void figures_of_a_design(benchmark::State& state) {
  const deepaxe::model::Int8Model model = lenet5();
  const std::vector<Multipliers> designs = mixed_designs();
  const Estimator estimator(model, {});
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(estimator.figures(designs[next++ % designs.size()]));
}
BENCHMARK(figures_of_a_design)->Unit(benchmark::kNanosecond);

void report_of_a_design(benchmark::State& state) {
  const deepaxe::model::Int8Model model = lenet5();
  const std::vector<Multipliers> designs = mixed_designs();
  const Estimator estimator(model, {});
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(estimator.report(designs[next++ % designs.size()]));
}
BENCHMARK(report_of_a_design)->Unit(benchmark::kNanosecond);

void figures_of_a_design_before(benchmark::State& state) {
  const deepaxe::model::Int8Model model = lenet5();
  const std::vector<Multipliers> designs = mixed_designs();
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Estimator(model, {}).figures(designs[next++ % designs.size()]));
  }
}
BENCHMARK(figures_of_a_design_before)->Unit(benchmark::kNanosecond);

void cycles_of_the_engine(benchmark::State& state) {
  const deepaxe::model::Int8Model model = lenet5();
  for (auto _ : state) benchmark::DoNotOptimize(engine_cycles(model, 1));
}
BENCHMARK(cycles_of_the_engine)->Unit(benchmark::kNanosecond);

}  // namespace
