#include "deepaxe/hw/verilog/layer_module.h"

#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/hw/design/row_timing.h"

namespace deepaxe::hw::verilog {
namespace {

std::string number(std::int64_t value) { return fmt::format("{}", value); }

}  // namespace

int MemoryShape::address_bits() const noexcept { return index_bits(std::int64_t{rows} * row_size); }

int MemoryShape::row_bits() const noexcept { return index_bits(std::int64_t{rows} + 1); }

MemoryShape memory_shape(const model::Int8Model& model, int node) {
  const auto image = design::image_shape(model.nodes[static_cast<std::size_t>(node)].shape);
  return {.rows = image.rows, .row_size = image.row_size()};
}

const model::Int8Node& LayerModule::node() const {
  return model.nodes[static_cast<std::size_t>(plan.node)];
}

const model::Int8Node& LayerModule::input(std::size_t index) const {
  return model.nodes[static_cast<std::size_t>(node().inputs[index])];
}

std::size_t LayerModule::memory_of_input(std::size_t index) const {
  return static_cast<std::size_t>(std::ranges::find(memories, plan.source_nodes[index]) -
                                  memories.begin());
}

std::string LayerModule::port(const std::string& name, std::size_t memory) const {
  return memories.size() == 1 ? name : fmt::format("{}_{}", name, memory);
}

LayerModule make_layer_module(const model::Int8Model& model, const design::LayerPlan& plan,
                              int parallel_outputs) {
  LayerModule layer{.model = model,
                    .plan = plan,
                    .walk = design::layer_walk(model, plan.node, parallel_outputs),
                    .memories = {}};
  for (const int source : plan.source_nodes) {
    if (std::ranges::find(layer.memories, source) == layer.memories.end()) {
      layer.memories.push_back(source);
    }
  }
  return layer;
}

std::vector<int> parallel_outputs_of(const std::vector<LayerModule>& layers) {
  std::vector<int> outputs;
  for (const LayerModule& layer : layers) {
    if (layer.plan.computing_index >= 0) outputs.push_back(layer.walk.lanes);
  }
  return outputs;
}

std::string module_head(const LayerModule& layer, const std::string& what) {
  std::string shapes;
  for (std::size_t i = 0; i < layer.node().inputs.size(); ++i) {
    shapes += (i == 0 ? "" : " and ") + model::to_string(layer.input(i).shape);
  }
  std::string text = comment_text(fmt::format("{}: {}, {} -> {}.", layer.plan.name, what, shapes,
                                              model::to_string(layer.node().shape)));
  text += fmt::format("module {} (\n", layer.name());
  text += "    input  wire        clock,\n    input  wire        reset,\n";
  text += "    input  wire        start,\n    output wire        running,\n";
  for (std::size_t i = 0; i < layer.memories.size(); ++i) {
    const MemoryShape memory = memory_shape(layer.model, layer.memories[i]);
    text += fmt::format("    input  wire {:<6} {},  // Of {}.\n", range_text(memory.row_bits()),
                        layer.port("rows_ready", i),
                        layer.model.nodes[static_cast<std::size_t>(layer.memories[i])].name);
    text += fmt::format("    output wire {:<6} {},\n", range_text(memory.address_bits()),
                        layer.port("read_address", i));
    text += fmt::format("    input  wire [7:0]  {},\n", layer.port("read_code", i));
  }
  if (layer.has_weight_stream) {
    text += fmt::format("    input  wire {:<6} weights_tdata,\n", range_text(8 * layer.walk.lanes));
    text += "    input  wire        weights_tvalid,\n    output wire        weights_tready,\n";
  }
  return text + "    output wire        code_valid,\n    output wire [7:0]  code\n);\n";
}

Connections source_parameters(const LayerModule& layer) {
  const MemoryShape memory = memory_shape(layer.model, layer.memories.front());
  const design::RowNeeds needs = design::row_needs(layer.model, layer.plan.node, 0);
  return {{"SOURCE_ROWS", number(memory.rows)},
          {"FIRST_ROWS", number(needs.first)},
          {"ROWS_STEP", number(needs.step)},
          {"ADDRESS_BITS", number(memory.address_bits())},
          {"ROW_BITS", number(memory.row_bits())}};
}

Connections pool_parameters(const LayerModule& layer) {
  const design::LayerWalk& walk = layer.walk;
  return {{"INPUT_HEIGHT", number(walk.in.rows)},
          {"INPUT_WIDTH", number(walk.in.columns)},
          {"CHANNELS", number(walk.in.channels)},
          {"OUTPUT_HEIGHT", number(walk.out.rows)},
          {"OUTPUT_WIDTH", number(walk.out.columns)},
          {"KERNEL_HEIGHT", number(walk.window.kernel_h)},
          {"KERNEL_WIDTH", number(walk.window.kernel_w)},
          {"STRIDE_HEIGHT", number(walk.window.stride_h)},
          {"STRIDE_WIDTH", number(walk.window.stride_w)},
          {"PAD_TOP", number(walk.window.pad_top)},
          {"PAD_LEFT", number(walk.window.pad_left)},
          {"PADDED", walk.is_padded() ? "1" : "0"},
          {"CLAMP_LOW", number(layer.node().clamp_low)},
          {"CLAMP_HIGH", number(layer.node().clamp_high)}};
}

Connections source_ports(const LayerModule& layer) {
  return {{"clock", "clock"},
          {"reset", "reset"},
          {"start", "start"},
          {"running", "running"},
          {"rows_ready", layer.port("rows_ready", 0)},
          {"read_address", layer.port("read_address", 0)},
          {"read_code", layer.port("read_code", 0)}};
}

Requantization with_one_scale(quant::RequantScale scale, std::int32_t bias) {
  Requantization r;
  r.shape.max_shift = scale.mantissa == 0 ? 0 : scale.shift;
  r.bias = fmt::format("32'h{}", hex_text(bias, 32));
  r.mantissa = fmt::format("31'd{}", scale.mantissa);
  r.shift_below_max = "1'b0";
  return r;
}

std::string requantizer_text(const LayerModule& layer, const Requantization& r) {
  const model::Int8Node& node = layer.node();
  return instance_text("requantizer", "requantizer",
                       {{"CHANNELS", number(r.channels)},
                        {"SUM_BITS", number(r.shape.sum_bits)},
                        {"BIAS_BITS", number(r.shape.bias_bits)},
                        {"TOTAL_BITS", number(r.shape.total_bits())},
                        {"INTERVAL", number(r.interval)},
                        {"ROUND_TWICE", r.rounding == quant::Rounding::kDouble ? "1" : "0"},
                        {"MAX_SHIFT", number(r.shape.max_shift)},
                        {"ZERO_POINT", number(node.quant.zero_point)},
                        {"CLAMP_LOW", number(node.clamp_low)},
                        {"CLAMP_HIGH", number(node.clamp_high)},
                        {"CHANNEL_BITS", number(index_bits(r.channels))},
                        {"SHIFT_BITS", number(r.shape.shift_bits)}},
                       {{"clock", "clock"},
                        {"reset", "reset"},
                        {"start", "start"},
                        {"sum_valid", "sum_valid"},
                        {"sum", "sum"},
                        {"bias_channel", "bias_channel"},
                        {"bias", r.bias},
                        {"scale_channel", "scale_channel"},
                        {"mantissa", r.mantissa},
                        {"shift_below_max", r.shift_below_max},
                        {"code_valid", "code_valid"},
                        {"code", "code"}});
}

}  // namespace deepaxe::hw::verilog
