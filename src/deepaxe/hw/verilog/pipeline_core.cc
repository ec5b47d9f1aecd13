#include "deepaxe/hw/verilog/pipeline_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "deepaxe/hw/verilog/core_parts.h"

namespace deepaxe::hw::verilog {
namespace {

using design::ImageQueue;

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// A queue with its names; `writer` and `reader` are null of the input and of the shell.
struct Queue {
  ImageQueue plan;
  std::string name;  // Of the instance; that of its wires is longer.
  MemoryShape shape;
  const LayerModule* writer = nullptr;
  const LayerModule* reader = nullptr;

  std::string wire(std::string_view what) const { return fmt::format("{}_queue_{}", name, what); }
};

const LayerModule* layer_of(const std::vector<LayerModule>& layers, int node) {
  const auto layer = std::ranges::find_if(
      layers, [node](const LayerModule& each) { return each.plan.node == node; });
  return layer == layers.end() ? nullptr : &*layer;
}

std::vector<Queue> named_queues(const model::Int8Model& model,
                                const std::vector<LayerModule>& layers,
                                const std::vector<ImageQueue>& queues) {
  std::vector<Queue> named;
  for (const ImageQueue& queue : queues) {
    named.push_back({.plan = queue,
                     .name = queue_name(layers, queues, queue),
                     .shape = memory_shape(model, queue.writer),
                     .writer = layer_of(layers, queue.writer),
                     .reader = layer_of(layers, queue.reader)});
  }
  return named;
}

std::string stage_wire(const LayerModule& layer, std::string_view what) {
  return fmt::format("{}_stage_{}", layer.plan.name, what);
}

using Queues = std::vector<const Queue*>;

Queues written_by(const std::vector<Queue>& queues, const LayerModule* writer) {
  Queues found;
  for (const Queue& queue : queues) {
    if (queue.writer == writer) found.push_back(&queue);
  }
  return found;
}

Queues read_by(const std::vector<Queue>& queues, const LayerModule* reader) {
  Queues found;
  for (const Queue& queue : queues) {
    if (queue.reader == reader) found.push_back(&queue);
  }
  return found;
}

// The wire of that name is 1 in all of them.
std::string all_of(const Queues& queues, std::string_view what) {
  std::string text;
  for (const Queue* queue : queues) text += (text.empty() ? "" : " && ") + queue->wire(what);
  return text;
}

std::string wires_text(const Queue& queue) {
  std::string text = fmt::format("    wire {}, {}, {};\n", queue.wire("last"), queue.wire("room"),
                                 queue.wire("complete"));
  if (queue.reader == nullptr) return text;
  text += fmt::format("    wire {} {};\n", range_text(queue.shape.row_bits()), queue.wire("rows"));
  text += fmt::format("    wire {} {};\n", range_text(queue.shape.address_bits()),
                      queue.wire("address"));
  return text + fmt::format("    wire [7:0] {};\n", queue.wire("code"));
}

std::string queue_text(const Queue& queue) {
  const bool is_image = queue.writer == nullptr, is_logits = queue.reader == nullptr;
  const std::string writer = is_image ? "image" : queue.writer->plan.name;
  return instance_text(
      "image_queue", queue.name,
      {{"SLOTS", number(queue.plan.slots)},
       {"ROWS", number(queue.shape.rows)},
       {"ROW_SIZE", number(queue.shape.row_size)},
       {"ADDRESS_BITS", number(queue.shape.address_bits())},
       {"ROW_BITS", number(queue.shape.row_bits())}},
      {{"clock", "clock"},
       {"reset", "reset"},
       {"write", is_image ? "image_write" : writer + "_valid"},
       {"write_code", is_image ? "image_code" : writer + "_code_out"},
       {"last_write", queue.wire("last")},
       {"room", queue.wire("room")},
       {"image_done", is_logits ? "logits_done" : stage_wire(*queue.reader, "done")},
       {"complete", queue.wire("complete")},
       {"rows_written", is_logits ? "" : queue.wire("rows")},
       {"read_address", is_logits ? "logit_address" : queue.wire("address")},
       {"read_code", is_logits ? "logit_code" : queue.wire("code")}});
}

std::string stage_text(const LayerModule& layer, const std::vector<Queue>& queues) {
  const std::string& name = layer.plan.name;
  const Queues targets = written_by(queues, &layer);
  std::string text = instance_text(
      "stage_control", name + "_stage", {},
      {{"clock", "clock"},
       {"reset", "reset"},
       {"room", all_of(targets, "room")},
       {"last_write", fmt::format("{}_valid && {}", name, targets.front()->wire("last"))},
       {"inputs_complete", all_of(read_by(queues, &layer), "complete")},
       {"start", stage_wire(layer, "start")},
       {"done", stage_wire(layer, "done")}});
  std::vector<ReadWires> reads(layer.memories.size());
  for (const Queue* queue : read_by(queues, &layer)) {
    const auto memory = std::ranges::find(layer.memories, queue->plan.writer);
    reads[static_cast<std::size_t>(memory - layer.memories.begin())] = {
        .rows = queue->wire("rows"),
        .address = queue->wire("address"),
        .code = queue->wire("code")};
  }
  return text + '\n' + layer_instance_text(layer, reads, stage_wire(layer, "start"), "");
}

constexpr std::string_view kHead =
    R"(// The accelerator's core: the layers and the queues of images between them.
//
// Layers work on different images. A layer begins one as soon as it has done with the last one and
// its queues have room; it reads an output row's inputs as soon as they are written. A queue has one
// write port and one read port, so each reader of a layer has a queue of its own.
module core (
    input  wire        clock,
    input  wire        reset,
    input  wire        image_write,
    input  wire [7:0]  image_code,       // Channels fastest.
    output wire        image_last,       // The next code is the last one of its image.
    output wire        image_room,       // It can be written.
    output wire        logits_complete,  // Those at hand can be read.
    input  wire        logits_done,      // They have been read.
)";

}  // namespace

std::string queue_name(const std::vector<LayerModule>& layers,
                       const std::vector<ImageQueue>& queues, const ImageQueue& queue) {
  const LayerModule* writer = layer_of(layers, queue.writer);
  const std::string name = writer == nullptr ? "image" : writer->plan.target;
  if (std::ranges::count(queues, queue.writer, &ImageQueue::writer) == 1) return name;
  return name + "_for_" + layer_of(layers, queue.reader)->plan.name;
}

std::string pipeline_core_text(const model::Int8Model& model,
                               const std::vector<LayerModule>& layers,
                               const std::vector<ImageQueue>& plan) {
  const std::vector<Queue> queues = named_queues(model, layers, plan);
  std::string text(kHead);
  text += weight_stream_ports(layers) + logit_ports(queues.back().shape);
  for (const LayerModule& layer : layers) {
    text +=
        fmt::format("    wire {}, {};\n", stage_wire(layer, "start"), stage_wire(layer, "done"));
    text += output_wires(layer);
  }
  for (const Queue& queue : queues) text += wires_text(queue);
  const Queues images = written_by(queues, nullptr);
  text += fmt::format("    assign image_last = {};\n", images.front()->wire("last"));
  text += fmt::format("    assign image_room = {};\n", all_of(images, "room"));
  text += fmt::format("    assign logits_complete = {};\n", queues.back().wire("complete"));
  for (const Queue& queue : queues) text += '\n' + queue_text(queue);
  for (const LayerModule& layer : layers) text += '\n' + stage_text(layer, queues);
  return text + "endmodule\n";
}

}  // namespace deepaxe::hw::verilog
