#include "deepaxe/hw/design/residency.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <variant>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/schedule.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;
using model::Int8Node;

// By element of one memory, in cycles.
struct Lives {
  std::vector<std::int64_t> written;
  std::vector<std::int64_t> last_read;  // 0: not yet.

  void read(std::size_t element, std::int64_t cycle) {
    last_read[element] = std::max(last_read[element], cycle);
  }
};

// Where one group of lanes stands: an output position, a set, the cycle of its first read.
struct Place {
  int row = 0, column = 0, set = 0, group = 0;
  std::int64_t first = 0;
};

template <typename Visit>
void for_each_group(const LayerWalk& walk, const std::vector<std::int64_t>& row_starts,
                    const Visit& visit) {
  Place at;
  for (at.row = 0; at.row < walk.out.rows; ++at.row) {
    at.first = row_starts[static_cast<std::size_t>(at.row)];
    for (at.column = 0; at.column < walk.out.columns; ++at.column) {
      for (at.set = 0; at.set < walk.sets; ++at.set) {
        for (at.group = 0; at.group < walk.groups(); ++at.group) {
          visit(at);
          at.first += walk.period();
        }
      }
    }
  }
}

std::size_t element_of(const ImageShape& image, int row, int column, int channel) {
  return static_cast<std::size_t>((row * image.columns + column) * image.channels + channel);
}

void note_writes(const LayerWalk& walk, const Place& at, Lives& lives) {
  const bool is_last = at.group + 1 == walk.groups();
  const int lanes = is_last ? walk.last_lanes() : walk.lanes;
  // Lanes leave one after the other; latency() is that of the last one of the last group.
  const std::int64_t lane_0 =
      at.first + walk.depth() - 1 + walk.latency() - (walk.last_lanes() - 1) * walk.interval;
  for (int lane = 0; lane < lanes; ++lane) {
    const int channel = at.set * walk.set_outputs + at.group * walk.lanes + lane;
    lives.written[element_of(walk.out, at.row, at.column, channel)] =
        lane_0 + std::int64_t{lane} * walk.interval;
  }
}

void note_window_reads(const LayerWalk& walk, const Place& at, Lives& lives) {
  const model::Window& w = walk.window;
  std::int64_t cycle = at.first - 1;
  for (int kernel_row = 0; kernel_row < w.kernel_h; ++kernel_row) {
    const int row = at.row * w.stride_h - w.pad_top + kernel_row * w.dilation_h;
    for (int kernel_column = 0; kernel_column < w.kernel_w; ++kernel_column) {
      const int column = at.column * w.stride_w - w.pad_left + kernel_column * w.dilation_w;
      const bool is_inside =
          row >= 0 && row < walk.in.rows && column >= 0 && column < walk.in.columns;
      for (int c = 0; c < walk.set_channels; ++c) {
        ++cycle;
        if (!is_inside) continue;
        lives.read(element_of(walk.in, row, column, at.set * walk.set_channels + c), cycle);
      }
    }
  }
}

// Whether output element i is made of element i of that input.
bool reads_in_order(const Int8Model& model, const LayerWalk& walk, int node, std::size_t input) {
  if (walk.kind != LayerKind::kPointwise && walk.kind != LayerKind::kArithmetic) return false;
  const Int8Node& reader = model.nodes[static_cast<std::size_t>(node)];
  const auto source = static_cast<std::size_t>(reader.inputs[input]);
  return !std::holds_alternative<model::Permute>(reader.op) &&
         model.nodes[source].shape == reader.shape;
}

bool reads_windows(const LayerWalk& walk) {
  return walk.kind == LayerKind::kComputing || walk.kind == LayerKind::kMaxPool ||
         walk.kind == LayerKind::kAveragePool || walk.kind == LayerKind::kMean;
}

void follow(const Int8Model& model, const LayerPlan& layer, const LayerWalk& walk,
            const std::vector<std::int64_t>& row_starts, std::vector<Lives>& lives) {
  std::int64_t end = 0;  // Of reading.
  for_each_group(walk, row_starts, [&](const Place& at) {
    note_writes(walk, at, lives[static_cast<std::size_t>(layer.node)]);
    end = at.first + walk.depth() - 1;
  });
  for (std::size_t input = 0; input < layer.source_nodes.size(); ++input) {
    Lives& source = lives[static_cast<std::size_t>(layer.source_nodes[input])];
    if (reads_windows(walk)) {
      for_each_group(walk, row_starts,
                     [&](const Place& at) { note_window_reads(walk, at, source); });
    } else if (reads_in_order(model, walk, layer.node, input)) {
      for_each_group(walk, row_starts, [&](const Place& at) {
        source.read(element_of(walk.out, at.row, at.column, at.set), at.first);
      });
    } else {
      for (std::int64_t& cycle : source.last_read) cycle = std::max(cycle, end);
    }
  }
}

double mean_life(const Lives& lives) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < lives.written.size(); ++i) {
    sum += std::max<std::int64_t>(0, lives.last_read[i] - lives.written[i]);
  }
  return lives.written.empty()
             ? 0
             : static_cast<double>(sum) / static_cast<double>(lives.written.size());
}

}  // namespace

std::vector<double> live_shares(const Int8Model& model, std::span<const int> parallel_outputs) {
  const auto total = static_cast<double>(total_cycles(model, schedule(model, parallel_outputs)));
  const std::vector<std::vector<std::int64_t>> starts = row_starts(model, parallel_outputs);
  std::vector<Lives> lives(model.nodes.size());
  for (std::size_t n = 0; n < lives.size(); ++n) {
    const std::size_t size = model::num_elements(model.nodes[n].shape);
    lives[n] = {std::vector<std::int64_t>(size), std::vector<std::int64_t>(size)};
  }
  for (const LayerPlan& layer : make_plan(model, [](std::string_view) { return false; }).layers) {
    const int lanes = layer.computing_index < 0
                          ? 1
                          : parallel_outputs[static_cast<std::size_t>(layer.computing_index)];
    follow(model, layer, layer_walk(model, layer.node, lanes),
           starts[static_cast<std::size_t>(layer.node)], lives);
  }
  std::vector<double> shares;
  for (const Lives& memory : lives) shares.push_back(mean_life(memory) / total);
  return shares;
}

}  // namespace deepaxe::hw::design
