#include "deepaxe/hw/design/schedule.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/row_timing.h"

namespace deepaxe::hw::design {

using model::Int8Model;

int lanes_of(std::span<const int> parallel_outputs, int computing_index) noexcept {
  return computing_index < 0 ? 1 : parallel_outputs[static_cast<std::size_t>(computing_index)];
}

void check_parallel_outputs(const Int8Model& model, std::span<const int> parallel_outputs) {
  const std::size_t num_computing = model::computing_nodes(model).size();
  if (parallel_outputs.size() != num_computing) {
    throw std::invalid_argument(
        fmt::format("{} numbers of parallel outputs, expected {}, one for each computing layer",
                    parallel_outputs.size(), num_computing));
  }
  for (const int outputs : parallel_outputs) {
    if (outputs < 1) {
      throw std::invalid_argument(fmt::format("{} parallel outputs, expected at least 1", outputs));
    }
  }
}

namespace {

// visit(node, its times) for every layer, in order.
template <typename Visit>
void run_all(const Int8Model& model, std::span<const int> parallel_outputs, const Visit& visit) {
  check_parallel_outputs(model, parallel_outputs);
  constexpr std::int64_t kFirst = 1;  // The start takes a cycle.
  std::vector<MemoryTimes> memories(model.nodes.size(), {.row_written = {}, .port_free = kFirst});
  for (const LayerPlan& layer : make_plan(model, [](std::string_view) { return false; }).layers) {
    const RowTiming timing(model, layer, lanes_of(parallel_outputs, layer.computing_index));
    RowTimes times = timing.run(kFirst, memories);
    visit(layer.node, times);
    memories[static_cast<std::size_t>(layer.node)].row_written = std::move(times.row_written);
    for (const int source : layer.source_nodes) {
      memories[static_cast<std::size_t>(source)].port_free = times.end_of_reads;
    }
  }
}

}  // namespace

std::vector<LayerCycles> schedule(const Int8Model& model, std::span<const int> parallel_outputs) {
  std::vector<LayerCycles> cycles(model.nodes.size());
  run_all(model, parallel_outputs, [&](int node, const RowTimes& times) {
    cycles[static_cast<std::size_t>(node)] = {.first_read = times.row_started.front(),
                                              .last_write = times.row_written.back()};
  });
  return cycles;
}

std::vector<std::vector<std::int64_t>> row_starts(const Int8Model& model,
                                                  std::span<const int> parallel_outputs) {
  std::vector<std::vector<std::int64_t>> starts(model.nodes.size());
  run_all(model, parallel_outputs, [&](int node, const RowTimes& times) {
    starts[static_cast<std::size_t>(node)] = times.row_started;
  });
  return starts;
}

std::int64_t total_cycles(const Int8Model& model, std::span<const LayerCycles> schedule) {
  const int last = memory_node(model, model::logits_node(model));
  return schedule[static_cast<std::size_t>(last)].last_write + 1;
}

std::int64_t sequential_interval(const Int8Model& model, std::int64_t total_cycles) {
  constexpr std::int64_t kShellCycles = 3;
  const auto& logits = model.nodes[static_cast<std::size_t>(model::logits_node(model))];
  return static_cast<std::int64_t>(model::num_elements(model.input_shape())) + total_cycles +
         kCyclesPerLogit * static_cast<std::int64_t>(model::num_elements(logits.shape)) +
         kShellCycles;
}

}  // namespace deepaxe::hw::design
