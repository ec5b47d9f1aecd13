#include "deepaxe/hw/design/residency.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
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

// A layer at work on one image.
struct Run {
  const LayerPlan& layer;
  LayerWalk walk;
  const std::vector<std::int64_t>& row_starts;
};

void follow_writes(const Run& run, Lives& own) {
  for_each_group(run.walk, run.row_starts,
                 [&](const Place& at) { note_writes(run.walk, at, own); });
}

void follow_reads(const Int8Model& model, const Run& run, std::size_t input, Lives& source) {
  const LayerWalk& walk = run.walk;
  if (reads_windows(walk)) {
    for_each_group(walk, run.row_starts,
                   [&](const Place& at) { note_window_reads(walk, at, source); });
  } else if (reads_in_order(model, walk, run.layer.node, input)) {
    for_each_group(walk, run.row_starts, [&](const Place& at) {
      source.read(element_of(walk.out, at.row, at.column, at.set), at.first);
    });
  } else {
    std::int64_t end = 0;  // Of reading.
    for_each_group(walk, run.row_starts,
                   [&](const Place& at) { end = at.first + walk.depth() - 1; });
    for (std::int64_t& cycle : source.last_read) cycle = std::max(cycle, end);
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

// By node, nothing written or read yet.
std::vector<Lives> empty_lives(const Int8Model& model) {
  std::vector<Lives> lives;
  for (const Int8Node& node : model.nodes) {
    const std::size_t size = model::num_elements(node.shape);
    lives.push_back({std::vector<std::int64_t>(size), std::vector<std::int64_t>(size)});
  }
  return lives;
}

// visit(run) for every layer, in order; row_starts by node.
template <typename Visit>
void for_each_run(const Int8Model& model, std::span<const int> parallel_outputs,
                  const std::vector<std::vector<std::int64_t>>& row_starts, const Visit& visit) {
  for (const LayerPlan& layer : make_plan(model, [](std::string_view) { return false; }).layers) {
    const int lanes = lanes_of(parallel_outputs, layer.computing_index);
    visit(Run{.layer = layer,
              .walk = layer_walk(model, layer.node, lanes),
              .row_starts = row_starts[static_cast<std::size_t>(layer.node)]});
  }
}

}  // namespace

std::vector<double> live_shares(const Int8Model& model, std::span<const int> parallel_outputs) {
  const auto total = static_cast<double>(total_cycles(model, schedule(model, parallel_outputs)));
  const std::vector<std::vector<std::int64_t>> starts = row_starts(model, parallel_outputs);
  std::vector<Lives> lives = empty_lives(model);
  for_each_run(model, parallel_outputs, starts, [&](const Run& run) {
    follow_writes(run, lives[static_cast<std::size_t>(run.layer.node)]);
    for (std::size_t input = 0; input < run.layer.source_nodes.size(); ++input) {
      follow_reads(model, run, input,
                   lives[static_cast<std::size_t>(run.layer.source_nodes[input])]);
    }
  });
  std::vector<double> shares;
  for (const Lives& memory : lives) shares.push_back(mean_life(memory) / total);
  return shares;
}

std::vector<double> pipelined_live_codes(const Int8Model& model,
                                         std::span<const int> parallel_outputs) {
  const auto interval = static_cast<double>(pipeline_interval(model, parallel_outputs).cycles);
  const ImageCycles image = settled_image(model, parallel_outputs);
  std::vector<Lives> lives = empty_lives(model);
  std::iota(lives[0].written.begin(), lives[0].written.end(), image.first_code);
  std::vector<double> codes(model.nodes.size());
  for_each_run(model, parallel_outputs, image.row_starts, [&](const Run& run) {
    follow_writes(run, lives[static_cast<std::size_t>(run.layer.node)]);
    std::map<int, Lives> queues;  // By writer.
    for (std::size_t input = 0; input < run.layer.source_nodes.size(); ++input) {
      const int source = run.layer.source_nodes[input];
      const auto [queue, is_new] =
          queues.try_emplace(source, lives[static_cast<std::size_t>(source)]);
      follow_reads(model, run, input, queue->second);
    }
    for (const auto& [source, queue] : queues) {
      codes[static_cast<std::size_t>(source)] += mean_life(queue) / interval;
    }
  });
  return codes;
}

}  // namespace deepaxe::hw::design
