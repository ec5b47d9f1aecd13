#include "deepaxe/hw/design/row_timing.h"

#include <algorithm>
#include <limits>
#include <variant>

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

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();

// The first cycle in which output row `row` can be read.
std::int64_t row_ready(const MemoryTimes& memory, const RowNeeds& needs, int row) {
  if (memory.row_written.empty()) return memory.port_free;
  const auto rows = static_cast<int>(memory.row_written.size());
  const int needed = std::min(needs.first + row * needs.step, rows);
  if (needed < 1) return kAlways;
  return std::max(memory.port_free, memory.row_written[static_cast<std::size_t>(needed - 1)] + 1);
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

RowTiming::RowTiming(const Int8Model& model, const LayerPlan& layer, int lanes)
    : walk_(layer_walk(model, layer.node, lanes)), sources_(layer.source_nodes) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    needs_.push_back(row_needs(model, layer.node, i));
  }
}

std::int64_t RowTiming::ready(std::span<const MemoryTimes> memories, int row) const {
  std::int64_t cycle = kAlways;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const MemoryTimes& memory = memories[static_cast<std::size_t>(sources_[i])];
    cycle = std::max(cycle, row_ready(memory, needs_[i], row));
  }
  return cycle;
}

RowTimes RowTiming::run(std::int64_t first, std::span<const MemoryTimes> memories) const {
  const int pause = walk_.period() - walk_.depth();
  RowTimes times;
  std::int64_t next = first;
  for (int row = 0; row < walk_.out.rows; ++row) {
    const std::int64_t read = std::max(next, ready(memories, row));
    if (row == 0) times.first_read = read;
    next = read + walk_.row_cycles();
    times.row_started.push_back(read);
    times.row_written.push_back(next - 1 - pause + walk_.latency());
  }
  times.end_of_reads = next - pause;
  return times;
}

}  // namespace deepaxe::hw::design
