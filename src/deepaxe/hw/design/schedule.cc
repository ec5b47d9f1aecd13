#include "deepaxe/hw/design/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/plan.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

const Int8Node& node_at(const Int8Model& model, int index) {
  return model.nodes[static_cast<std::size_t>(index)];
}

// Rows that are read in the order in which they are written.
bool reads_row_by_row(const Int8Node& node) {
  return !std::holds_alternative<model::Permute>(node.op) &&
         !std::holds_alternative<model::Concatenate>(node.op) &&
         !std::holds_alternative<model::GlobalPool>(node.op);
}

// The first row of the input that is read, and how many rows the output moves it by.
RowNeeds needs_in_own_rows(const Int8Model& model, int index, const ImageShape& in) {
  const Int8Node& node = node_at(model, index);
  if (in.rows == 1) return {};
  if (const auto* pad = std::get_if<model::Pad>(&node.op)) {
    return {.first = 1 - pad->before.front(), .step = 1};
  }
  if (const auto* slice = std::get_if<model::Slice>(&node.op)) {
    return {.first = 1 + slice->begin.front(), .step = slice->stride.front()};
  }
  const LayerWalk walk = layer_walk(model, index, 1);
  return {.first = (walk.window.kernel_h - 1) * walk.window.dilation_h - walk.window.pad_top + 1,
          .step = walk.window.stride_h};
}

// Where each memory's rows are complete, and when its read port is free.
struct Memory {
  std::vector<std::int64_t> row_written;  // The cycle of the write; empty: before the start.
  std::int64_t port_free = 1;             // The first cycle in which the next reader may read.
};

// The first cycle in which output row `row` can be read.
std::int64_t row_ready(const Memory& memory, const RowNeeds& needs, int row) {
  if (memory.row_written.empty()) return memory.port_free;
  const auto rows = static_cast<int>(memory.row_written.size());
  const int needed = std::min(needs.first + row * needs.step, rows);
  if (needed < 1) return 1;
  return std::max(memory.port_free, memory.row_written[static_cast<std::size_t>(needed - 1)] + 1);
}

class Scheduler {
 public:
  Scheduler(const Int8Model& model, std::span<const int> parallel_outputs)
      : model_(model), parallel_outputs_(parallel_outputs), memories_(model.nodes.size()) {}

  LayerCycles run(const LayerPlan& layer);

 private:
  std::int64_t ready(const LayerPlan& layer, std::span<const RowNeeds> needs, int row) const;

  const Int8Model& model_;
  std::span<const int> parallel_outputs_;
  std::vector<Memory> memories_;  // By node.
};

std::int64_t Scheduler::ready(const LayerPlan& layer, std::span<const RowNeeds> needs,
                              int row) const {
  std::int64_t cycle = 1;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const Memory& memory = memories_[static_cast<std::size_t>(layer.source_nodes[i])];
    cycle = std::max(cycle, row_ready(memory, needs[i], row));
  }
  return cycle;
}

LayerCycles Scheduler::run(const LayerPlan& layer) {
  const int lanes = layer.computing_index < 0
                        ? 1
                        : parallel_outputs_[static_cast<std::size_t>(layer.computing_index)];
  const LayerWalk walk = layer_walk(model_, layer.node, lanes);
  std::vector<RowNeeds> needs;
  for (std::size_t i = 0; i < layer.source_nodes.size(); ++i) {
    needs.push_back(row_needs(model_, layer.node, i));
  }
  const int pause = walk.period() - walk.depth();
  std::vector<std::int64_t>& written = memories_[static_cast<std::size_t>(layer.node)].row_written;
  LayerCycles cycles;
  std::int64_t next = 1;  // The first cycle in which the walker is free.
  for (int row = 0; row < walk.out.rows; ++row) {
    const std::int64_t first = std::max(next, ready(layer, needs, row));
    if (row == 0) cycles.first_read = first;
    next = first + walk.row_cycles();
    written.push_back(next - 1 - pause + walk.latency());
  }
  cycles.last_write = written.back();
  for (const int source : layer.source_nodes) {
    memories_[static_cast<std::size_t>(source)].port_free = next - pause;
  }
  return cycles;
}

}  // namespace

int memory_node(const Int8Model& model, int node) noexcept {
  while (std::holds_alternative<model::Reshape>(node_at(model, node).op)) {
    node = node_at(model, node).inputs.front();
  }
  return node;
}

RowNeeds row_needs(const Int8Model& model, int index, std::size_t input) {
  const Int8Node& node = node_at(model, index);
  const int source = node.inputs.at(input);
  const ImageShape in = image_shape(node_at(model, source).shape);
  const ImageShape stored = image_shape(node_at(model, memory_node(model, source)).shape);
  const bool broadcast =
      std::holds_alternative<model::Arithmetic>(node.op) && in.rows != image_shape(node.shape).rows;
  if (in.rows != stored.rows || !reads_row_by_row(node) || broadcast) {
    return {.first = stored.rows, .step = 0};
  }
  return needs_in_own_rows(model, index, in);
}

std::vector<LayerCycles> schedule(const Int8Model& model, std::span<const int> parallel_outputs) {
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
  std::vector<LayerCycles> cycles(model.nodes.size());
  Scheduler scheduler(model, parallel_outputs);
  for (const LayerPlan& layer : make_plan(model, [](std::string_view) { return false; }).layers) {
    cycles[static_cast<std::size_t>(layer.node)] = scheduler.run(layer);
  }
  return cycles;
}

std::int64_t total_cycles(const Int8Model& model, std::span<const LayerCycles> schedule) {
  const int last = memory_node(model, model::logits_node(model));
  return schedule[static_cast<std::size_t>(last)].last_write + 1;
}

}  // namespace deepaxe::hw::design
