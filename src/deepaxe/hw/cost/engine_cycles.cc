#include "deepaxe/hw/cost/engine_cycles.h"

#include <fmt/format.h>

#include <cstddef>
#include <stdexcept>
#include <variant>
#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/schedule.h"

namespace deepaxe::hw::cost {
namespace {

void check_outputs(int parallel_outputs) {
  if (parallel_outputs < 1) {
    throw std::invalid_argument(
        fmt::format("{} parallel outputs, expected at least 1", parallel_outputs));
  }
}

}  // namespace

std::int64_t engine_layer_cycles(const model::Int8Model& model, int node_index,
                                 int parallel_outputs) {
  check_outputs(parallel_outputs);
  const model::Int8Node& node = model.nodes.at(static_cast<std::size_t>(node_index));
  if (std::holds_alternative<model::Input>(node.op) ||
      std::holds_alternative<model::Reshape>(node.op) ||
      std::holds_alternative<model::Softmax>(node.op)) {
    return 0;
  }
  return design::layer_walk(model, node_index, parallel_outputs).image_cycles();
}

std::int64_t engine_cycles(const model::Int8Model& model, int parallel_outputs) {
  check_outputs(parallel_outputs);
  return engine_cycles(model,
                       std::vector<int>(model::computing_nodes(model).size(), parallel_outputs));
}

std::int64_t engine_cycles(const model::Int8Model& model, std::span<const int> parallel_outputs) {
  return design::total_cycles(model, design::schedule(model, parallel_outputs));
}

EngineTiming engine_timing(const model::Int8Model& model, std::span<const int> parallel_outputs,
                           design::ImageSchedule schedule) {
  if (schedule == design::ImageSchedule::kPipelined) {
    const std::int64_t interval = design::pipeline_interval(model, parallel_outputs).cycles;
    return {.cycles = design::pipeline_latency(model, parallel_outputs),
            .interval = interval,
            .weight_cycles = interval};
  }
  const std::int64_t cycles = engine_cycles(model, parallel_outputs);
  return {.cycles = cycles,
          .interval = design::sequential_interval(model, cycles),
          .weight_cycles = cycles};
}

std::string engine_cycles_source(std::span<const int> parallel_outputs) {
  return fmt::format(
      "schedule of the generated Verilog engine with {} in parallel, layers overlapping; equal to "
      "its simulation, cycle by cycle, on LeNet-5 and small networks of every layer",
      describe_outputs(parallel_outputs));
}

std::string pipeline_cycles_source(std::span<const int> parallel_outputs) {
  return fmt::format(
      "schedule of the generated pipelined engine with {} in parallel, an image alone, from its "
      "first code to its last logit; equal to its simulation, cycle by cycle, on LeNet-5 and small "
      "networks of every layer",
      describe_outputs(parallel_outputs));
}

}  // namespace deepaxe::hw::cost
