#include "deepaxe/hw/verilog/core_module.h"

#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/hw/verilog/core_parts.h"

namespace deepaxe::hw::verilog {
namespace {

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// A memory of the core and who reads it, in the order in which they may.
struct Memory {
  std::string name;  // "image", "conv1", "logits".
  MemoryShape shape;
  struct Reader {
    const LayerModule* layer;
    std::size_t memory;  // Its position among the layer's memories.
  };
  std::vector<Reader> readers;
};

// The wires of reader number `index` of a memory.
std::string rows_wire(const Memory& memory, std::size_t index) {
  return index == 0
             ? memory.name + "_rows"
             : fmt::format("{}_rows_for_{}", memory.name, memory.readers[index].layer->plan.name);
}
std::string address_wire(const Memory& memory, std::size_t index) {
  return fmt::format("{}_reads_{}", memory.readers[index].layer->plan.name, memory.name);
}

std::vector<Memory> memories_of(const model::Int8Model& model,
                                const std::vector<LayerModule>& layers) {
  std::vector<Memory> memories;
  std::vector<int> nodes = {0};
  memories.push_back({.name = "image", .shape = memory_shape(model, 0), .readers = {}});
  for (const LayerModule& layer : layers) {
    for (std::size_t i = 0; i < layer.memories.size(); ++i) {
      const auto position = std::ranges::find(nodes, layer.memories[i]) - nodes.begin();
      memories[static_cast<std::size_t>(position)].readers.push_back({&layer, i});
    }
    const bool is_last = layer.plan.target == "logits";
    memories.push_back({.name = is_last ? "logits" : layer.plan.name + "_codes",
                        .shape = memory_shape(model, layer.plan.node),
                        .readers = {}});
    nodes.push_back(layer.plan.node);
  }
  return memories;
}

// Later readers see no rows until the earlier ones have read their last element.
std::string reader_wires(const Memory& memory) {
  std::string text;
  for (std::size_t i = 0; i < memory.readers.size(); ++i) {
    text += fmt::format("    wire {} {};\n", range_text(memory.shape.address_bits()),
                        address_wire(memory, i));
    if (i == 0) continue;
    std::string busy;
    for (std::size_t k = 0; k < i; ++k) {
      busy += fmt::format("{}{}_running", k == 0 ? "" : " || ", memory.readers[k].layer->plan.name);
    }
    text += fmt::format("    wire {} {} = {} ? {} : {}_rows;\n",
                        range_text(memory.shape.row_bits()), rows_wire(memory, i), busy,
                        fmt::format("{}'d0", memory.shape.row_bits()), memory.name);
  }
  return text;
}

std::string read_address(const Memory& memory) {
  if (memory.readers.empty()) return "logit_address";
  std::string text = address_wire(memory, memory.readers.size() - 1);
  for (std::size_t i = memory.readers.size() - 1; i-- > 0;) {
    text = fmt::format("{}_running ? {} : {}", memory.readers[i].layer->plan.name,
                       address_wire(memory, i), text);
  }
  return text;
}

std::string memory_text(const Memory& memory, const std::string& write, const std::string& code,
                        const std::string& clear) {
  std::string text =
      fmt::format("    wire {} {}_rows;\n", range_text(memory.shape.row_bits()), memory.name);
  text += reader_wires(memory);
  if (!memory.readers.empty()) text += fmt::format("    wire [7:0] {}_read;\n", memory.name);
  return text + instance_text(
                    "tensor_buffer", memory.name,
                    {{"ROWS", number(memory.shape.rows)},
                     {"ROW_SIZE", number(memory.shape.row_size)},
                     {"ADDRESS_BITS", number(memory.shape.address_bits())},
                     {"ROW_BITS", number(memory.shape.row_bits())}},
                    {{"clock", "clock"},
                     {"clear", clear},
                     {"write", write},
                     {"write_code", code},
                     {"last_write", memory.name == "image" ? "image_last" : ""},
                     {"rows_written", memory.name + "_rows"},
                     {"read_address", read_address(memory)},
                     {"read_code", memory.readers.empty() ? "logit_code" : memory.name + "_read"}});
}

std::string layer_text(const LayerModule& layer, const std::vector<Memory>& memories) {
  std::vector<ReadWires> reads(layer.memories.size());
  for (const Memory& memory : memories) {
    for (std::size_t k = 0; k < memory.readers.size(); ++k) {
      if (memory.readers[k].layer != &layer) continue;
      reads[memory.readers[k].memory] = {rows_wire(memory, k), address_wire(memory, k),
                                         memory.name + "_read"};
    }
  }
  return layer_instance_text(layer, reads, "start", layer.plan.name + "_running");
}

constexpr std::string_view kCoreHead =
    R"(// The accelerator's core: the layers and the memories between them.
//
// `start` begins an image that is in the memory `image`. All layers begin with it; each reads an
// output row's inputs as soon as they are written, so that layers overlap. A memory has one write
// port, of the layer before, and one read port: layers that read the same one take turns.
module core (
    input  wire        clock,
    input  wire        reset,
    input  wire        image_clear,     // The next image begins.
    input  wire        image_write,
    input  wire [7:0]  image_code,      // Channels fastest.
    output wire        image_last,      // The next code is the last one.
    output wire        image_complete,
    input  wire        start,
    output reg         busy,
    output reg  [31:0] cycles,          // Of the last image, its start included.
)";

constexpr std::string_view kControl = R"(
    wire done = logits_rows == LOGIT_ROWS;
    always @(posedge clock) begin
        if (reset) busy <= 1'b0;
        else if (start) busy <= 1'b1;
        else if (done) busy <= 1'b0;

        if (start) cycles <= 1;
        else if (busy && !done) cycles <= cycles + 1'b1;
    end
endmodule
)";

}  // namespace

std::string core_text(const model::Int8Model& model, const std::vector<LayerModule>& layers) {
  const std::vector<Memory> memories = memories_of(model, layers);
  const Memory& logits = memories.back();
  std::string text(kCoreHead);
  text += weight_stream_ports(layers) + logit_ports(logits.shape);
  text += fmt::format("    localparam LOGIT_ROWS = {};\n", logits.shape.rows);
  text += fmt::format("    localparam IMAGE_ROWS = {};\n\n", memories.front().shape.rows);
  for (const LayerModule& layer : layers) {
    text += fmt::format("    wire {}_running;\n", layer.plan.name) + output_wires(layer);
  }
  text += '\n' + memory_text(memories.front(), "image_write", "image_code", "image_clear");
  text += "    assign image_complete = image_rows == IMAGE_ROWS;\n";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string& name = layers[i].plan.name;
    text += '\n' + memory_text(memories[i + 1], name + "_valid", name + "_code_out", "start");
    text += '\n' + layer_text(layers[i], memories);
  }
  return text + std::string(kControl);
}

}  // namespace deepaxe::hw::verilog
