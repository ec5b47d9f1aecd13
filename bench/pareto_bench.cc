// Goal: the front of 65,536 points, a whole `--mixed` space, within about a second for 2 to 5
// objectives. Unit: one front. Input: the worst case, where no point dominates another.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/pareto/front.h"

namespace {

constexpr std::size_t kNumPoints = 65'536;

// All coordinates but the last are random; the last is minus their sum.
std::vector<double> points_on_a_plane(std::size_t num_objectives) {
  const deepaxe::base::CounterRng rng(1);
  std::vector<double> rows;
  for (std::size_t i = 0; i < kNumPoints; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k + 1 < num_objectives; ++k) {
      const auto value = static_cast<double>(rng.below(1 << 20, i * num_objectives + k));
      rows.push_back(value);
      sum += value;
    }
    rows.push_back(-sum);
  }
  return rows;
}

void front_of_65536_points(benchmark::State& state) {
  const auto num_objectives = static_cast<std::size_t>(state.range(0));
  const std::vector<double> rows = points_on_a_plane(num_objectives);
  for (auto _ : state) {
    benchmark::DoNotOptimize(deepaxe::pareto::pareto_front(rows, num_objectives));
  }
}
BENCHMARK(front_of_65536_points)->DenseRange(2, 5)->Unit(benchmark::kMillisecond);

}  // namespace
