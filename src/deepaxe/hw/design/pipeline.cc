#include "deepaxe/hw/design/pipeline.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "deepaxe/hw/design/row_timing.h"

namespace deepaxe::hw::design {
namespace {

using model::Int8Model;

DesignPlan plan_of(const Int8Model& model) {
  return make_plan(model, [](std::string_view) { return false; });
}

std::int64_t num_logits(const Int8Model& model) {
  return static_cast<std::int64_t>(
      model::num_elements(model.nodes[static_cast<std::size_t>(model::logits_node(model))].shape));
}

// Steps of the longest way from the input to each layer; 0 of the input. By node.
std::vector<int> distances(const DesignPlan& plan) {
  std::vector<int> distance(static_cast<std::size_t>(plan.layers.back().node) + 1);
  for (const LayerPlan& layer : plan.layers) {
    for (const int source : layer.source_nodes) {
      int& own = distance[static_cast<std::size_t>(layer.node)];
      own = std::max(own, distance[static_cast<std::size_t>(source)] + 1);
    }
  }
  return distance;
}

// Images follow each other through the stages; what the last ones did says when the next can.
class PipelineScheduler {
 public:
  PipelineScheduler(const Int8Model& model, std::span<const int> parallel_outputs);

  ImageCycles next_image();

 private:
  // Long before the first image comes: the layers wait for it from the reset on.
  static constexpr std::int64_t kReset = -(std::int64_t{1} << 40);

  std::int64_t begin(int writer) const;
  void take_input(ImageCycles& cycles);
  void run_layer(const LayerPlan& layer, const RowTiming& timing, ImageCycles& cycles);
  void send_logits(ImageCycles& cycles);

  const Int8Model& model_;
  DesignPlan plan_;
  std::vector<RowTiming> timings_;  // By layer.
  std::vector<ImageQueue> queues_;
  std::vector<std::vector<std::int64_t>> done_;  // [node][image]: the cycle of its end.
  std::vector<std::int64_t> sent_;               // [image]
  std::vector<MemoryTimes> memories_;            // [node], of the image at hand.
};

bool is_later_by(const ImageCycles& next, const ImageCycles& image, std::int64_t cycles) {
  const auto is_later = [cycles](std::int64_t before, std::int64_t after) {
    return after - before == cycles;
  };
  if (!is_later(image.first_code, next.first_code) || !is_later(image.last_sent, next.last_sent)) {
    return false;
  }
  for (std::size_t n = 0; n < image.row_starts.size(); ++n) {
    if (!std::ranges::equal(image.row_starts[n], next.row_starts[n], is_later)) return false;
  }
  return true;
}

PipelineScheduler::PipelineScheduler(const Int8Model& model, std::span<const int> parallel_outputs)
    : model_(model),
      plan_(plan_of(model)),
      queues_(image_queues(plan_)),
      done_(model.nodes.size()),
      memories_(model.nodes.size(), {.row_written = {}, .port_free = kReset}) {
  for (const LayerPlan& layer : plan_.layers) {
    timings_.emplace_back(model, layer, lanes_of(parallel_outputs, layer.computing_index));
  }
}

// The first cycle in which `writer` has done with its last image and room for the next one.
std::int64_t PipelineScheduler::begin(int writer) const {
  const std::size_t image = sent_.size();
  const auto after = [](const std::vector<std::int64_t>& done, std::size_t index) {
    return done[index] + 1;
  };
  const auto& own = done_[static_cast<std::size_t>(writer)];
  std::int64_t cycle = image == 0 ? kReset : after(own, image - 1);
  for (const ImageQueue& queue : queues_) {
    const auto slots = static_cast<std::size_t>(queue.slots);
    if (queue.writer != writer || image < slots) continue;
    const auto& readers =
        queue.reader == ImageQueue::kShell ? sent_ : done_[static_cast<std::size_t>(queue.reader)];
    cycle = std::max(cycle, after(readers, image - slots));
  }
  return cycle;
}

void PipelineScheduler::take_input(ImageCycles& cycles) {
  const ImageShape shape = image_shape(model_.input_shape());
  cycles.first_code = sent_.empty() ? 0 : begin(0);
  memories_[0].row_written.clear();
  for (int row = 1; row <= shape.rows; ++row) {
    memories_[0].row_written.push_back(cycles.first_code + std::int64_t{row} * shape.row_size() -
                                       1);
  }
  done_[0].push_back(memories_[0].row_written.back());
}

// A layer is done when its codes and those of its inputs are written, whether it reads them or not.
void PipelineScheduler::run_layer(const LayerPlan& layer, const RowTiming& timing,
                                  ImageCycles& cycles) {
  RowTimes times = timing.run(begin(layer.node) + 1, memories_);
  std::int64_t done = times.row_written.back();
  for (const int source : layer.source_nodes) {
    done = std::max(done, memories_[static_cast<std::size_t>(source)].row_written.back() + 1);
  }
  const auto node = static_cast<std::size_t>(layer.node);
  done_[node].push_back(done);
  cycles.layers[node] = {.first_read = times.first_read, .last_write = times.row_written.back()};
  cycles.row_starts[node] = std::move(times.row_started);
  memories_[node].row_written = std::move(times.row_written);
}

void PipelineScheduler::send_logits(ImageCycles& cycles) {
  const auto last = static_cast<std::size_t>(plan_.layers.back().node);
  std::int64_t begin = memories_[last].row_written.back() + 1;
  if (!sent_.empty()) begin = std::max(begin, sent_.back() + 1);
  cycles.last_sent = begin + kCyclesPerLogit * num_logits(model_) - 1;
  sent_.push_back(cycles.last_sent);
}

ImageCycles PipelineScheduler::next_image() {
  const std::size_t nodes = model_.nodes.size();
  ImageCycles cycles{.layers = std::vector<LayerCycles>(nodes),
                     .row_starts = std::vector<std::vector<std::int64_t>>(nodes)};
  take_input(cycles);
  for (std::size_t l = 0; l < plan_.layers.size(); ++l) {
    run_layer(plan_.layers[l], timings_[l], cycles);
  }
  send_logits(cycles);
  return cycles;
}

}  // namespace

std::vector<ImageQueue> image_queues(const DesignPlan& plan) {
  const std::vector<int> distance = distances(plan);
  std::vector<ImageQueue> queues;
  const auto add_readers = [&](int writer) {
    for (const LayerPlan& layer : plan.layers) {
      if (std::ranges::find(layer.source_nodes, writer) == layer.source_nodes.end()) continue;
      const int steps = distance[static_cast<std::size_t>(layer.node)] -
                        distance[static_cast<std::size_t>(writer)];
      queues.push_back({.writer = writer, .reader = layer.node, .slots = steps + 1});
    }
  };
  add_readers(0);
  for (const LayerPlan& layer : plan.layers) add_readers(layer.node);
  queues.push_back({.writer = plan.layers.back().node, .reader = ImageQueue::kShell, .slots = 2});
  return queues;
}

PipelineInterval pipeline_interval(const Int8Model& model, std::span<const int> parallel_outputs) {
  check_parallel_outputs(model, parallel_outputs);
  PipelineInterval slowest{
      .cycles = static_cast<std::int64_t>(model::num_elements(model.input_shape())),
      .stage = "input"};
  const auto consider = [&](std::int64_t cycles, const std::string& stage) {
    if (cycles > slowest.cycles) slowest = {.cycles = cycles, .stage = stage};
  };
  for (const LayerPlan& layer : plan_of(model).layers) {
    const int lanes = lanes_of(parallel_outputs, layer.computing_index);
    consider(layer_walk(model, layer.node, lanes).image_cycles() + 1,
             model.nodes[static_cast<std::size_t>(layer.node)].name);
  }
  consider(kCyclesPerLogit * num_logits(model), "output");
  return slowest;
}

std::vector<ImageCycles> pipeline_schedule(const Int8Model& model,
                                           std::span<const int> parallel_outputs, int num_images) {
  check_parallel_outputs(model, parallel_outputs);
  PipelineScheduler scheduler(model, parallel_outputs);
  std::vector<ImageCycles> images;
  for (int i = 0; i < num_images; ++i) images.push_back(scheduler.next_image());
  return images;
}

ImageCycles settled_image(const Int8Model& model, std::span<const int> parallel_outputs) {
  constexpr int kMostImages = 200'000;
  const std::int64_t interval = pipeline_interval(model, parallel_outputs).cycles;
  // An image depends on as many before it as there are slots in a row: two for each node at most.
  const std::size_t enough = 2 * model.nodes.size() + 2;
  PipelineScheduler scheduler(model, parallel_outputs);
  ImageCycles image = scheduler.next_image();
  std::size_t repeated = 0;
  for (int i = 1; i < kMostImages && repeated < enough; ++i) {
    ImageCycles next = scheduler.next_image();
    repeated = is_later_by(next, image, interval) ? repeated + 1 : 0;
    image = std::move(next);
  }
  return image;
}

std::int64_t pipeline_latency(const Int8Model& model, std::span<const int> parallel_outputs) {
  const std::vector<ImageCycles> images = pipeline_schedule(model, parallel_outputs, 1);
  const int last = memory_node(model, model::logits_node(model));
  return images.front().layers[static_cast<std::size_t>(last)].last_write + 1;
}

}  // namespace deepaxe::hw::design
