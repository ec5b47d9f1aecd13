#include "deepaxe/hw/verilog/computing_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <variant>
#include <vector>

#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/design/layer_shape.h"

namespace deepaxe::hw::verilog {
namespace {

using design::LayerArrays;
using design::LayerWalk;

std::string number(std::int64_t value) { return fmt::format("{}", value); }

// A word for each element of each group's window: the weights of all lanes, the first one lowest;
// 0 for lanes that the last group of a set leaves idle.
std::string weights_text(const LayerWalk& walk, const LayerArrays& arrays) {
  std::string text;
  for (int set = 0; set < walk.sets; ++set) {
    for (int group = 0; group < walk.groups(); ++group) {
      for (int k = 0; k < walk.depth(); ++k) {
        for (int lane = walk.lanes - 1; lane >= 0; --lane) {
          const int output = group * walk.lanes + lane;
          const auto index =
              static_cast<std::size_t>((set * walk.set_outputs + output) * walk.depth() + k);
          text += hex_text(output < walk.set_outputs ? arrays.weights[index] : 0, 8);
        }
        text += '\n';
      }
    }
  }
  return text;
}

std::string constants_text(const std::string& name, int width, int words, const std::string& file,
                           const std::string& address, const std::string& word) {
  return instance_text("constants", name,
                       {{"WIDTH", number(width)},
                        {"WORDS", number(words)},
                        {"ADDRESS_BITS", number(index_bits(words))},
                        {"FILE", fmt::format("\"{}\"", file)}},
                       {{"clock", "clock"}, {"address", address}, {"word", word}});
}

// The requantizer with its constants: biases by channel, and factors unless there is only one.
std::string requantizer_and_constants(design::SourceFiles& files, const LayerModule& layer,
                                      const LayerArrays& arrays) {
  const int channels = layer.walk.out.channels;
  Requantization r = with_one_scale(arrays.scales.front(), 0);
  r.channels = channels;
  r.shape = design::requantizer_shape(layer.model, layer.plan.node, layer.walk);
  r.interval = layer.walk.interval;
  r.rounding = layer.node().rounding;
  r.bias = "bias";
  const int bias_bits = r.shape.bias_bits;
  std::string bias_file;
  for (const std::int32_t bias : arrays.folded_bias) bias_file += hex_text(bias, bias_bits) + '\n';
  files[layer.file("bias")] = bias_file;
  std::string text = fmt::format("    wire {} bias;\n", range_text(bias_bits));
  text += constants_text("biases", bias_bits, channels, layer.file("bias"), "bias_channel", "bias");
  if (!r.shape.has_one_scale) {
    const design::ChannelShifts shifts = design::channel_shifts(arrays.scales);
    r.mantissa = "mantissa";
    r.shift_below_max = "shift_below_max";
    std::string scale_file;
    for (std::size_t o = 0; o < arrays.scales.size(); ++o) {
      const std::int64_t shift = shifts.below[o];
      scale_file += hex_text(shift << 31 | arrays.scales[o].mantissa, 31 + shifts.bits) + '\n';
    }
    files[layer.file("scale")] = scale_file;
    text += fmt::format("\n    wire [30:0] mantissa;\n    wire {} shift_below_max;\n",
                        range_text(shifts.bits));
    text += constants_text("scales", 31 + shifts.bits, channels, layer.file("scale"),
                           "scale_channel", "{shift_below_max, mantissa}");
  }
  return text + '\n' + requantizer_text(layer, r);
}

std::string engine_text(const LayerModule& layer, int weight_address_bits) {
  const LayerWalk& walk = layer.walk;
  Connections parameters = {{"INPUT_HEIGHT", number(walk.in.rows)},
                            {"INPUT_WIDTH", number(walk.in.columns)},
                            {"INPUT_CHANNELS", number(walk.in.channels)},
                            {"OUTPUT_HEIGHT", number(walk.out.rows)},
                            {"OUTPUT_WIDTH", number(walk.out.columns)},
                            {"SETS", number(walk.sets)},
                            {"SET_CHANNELS", number(walk.set_channels)},
                            {"SET_OUTPUTS", number(walk.set_outputs)},
                            {"KERNEL_HEIGHT", number(walk.window.kernel_h)},
                            {"KERNEL_WIDTH", number(walk.window.kernel_w)},
                            {"STRIDE_HEIGHT", number(walk.window.stride_h)},
                            {"STRIDE_WIDTH", number(walk.window.stride_w)},
                            {"DILATION_HEIGHT", number(walk.window.dilation_h)},
                            {"DILATION_WIDTH", number(walk.window.dilation_w)},
                            {"PAD_TOP", number(walk.window.pad_top)},
                            {"PAD_LEFT", number(walk.window.pad_left)},
                            {"PADDED", walk.is_padded() ? "1" : "0"},
                            {"ZERO_POINT", number(layer.input(0).quant.zero_point)},
                            {"LANES", number(walk.lanes)},
                            {"INTERVAL", number(walk.interval)},
                            {"PERIOD", number(walk.period())},
                            {"SUM_BITS", number(walk.sum_bits())}};
  for (auto& parameter : source_parameters(layer)) parameters.push_back(std::move(parameter));
  parameters.emplace_back("WEIGHT_ADDRESS_BITS", number(weight_address_bits));
  Connections ports = source_ports(layer);
  ports.emplace_back("has_weights", layer.has_weight_stream ? "has_weights" : "1'b1");
  ports.emplace_back("reads_weights", layer.has_weight_stream ? "reads_weights" : "");
  for (const char* name : {"weight_address", "read_weights", "activation", "weight_codes",
                           "products", "sum_valid", "sum"}) {
    ports.emplace_back(name, name);
  }
  return instance_text("engine", "engine", parameters, ports);
}

// The ROM of a layer's weights, or the end of their stream.
std::string weights_instance_text(const LayerModule& layer, int words, int address_bits) {
  const std::string width = number(8 * layer.walk.lanes);
  if (layer.has_weight_stream) {
    return instance_text("weight_stream", "weights", {{"WIDTH", width}},
                         {{"clock", "clock"},
                          {"read", "reads_weights"},
                          {"available", "has_weights"},
                          {"word", "read_weights"},
                          {"tdata", "weights_tdata"},
                          {"tvalid", "weights_tvalid"},
                          {"tready", "weights_tready"}});
  }
  return instance_text(
      "weight_rom", "weights",
      {{"WIDTH", width},
       {"WORDS", number(words)},
       {"ADDRESS_BITS", number(address_bits)},
       {"FILE", fmt::format("\"{}\"", layer.file("weights"))}},
      {{"clock", "clock"}, {"address", "weight_address"}, {"word", "read_weights"}});
}

std::string what_it_does(const LayerModule& layer, const std::string& multiplier) {
  const model::Int8Node& node = layer.node();
  std::string what(model::op_name(node.op));
  if (!std::holds_alternative<model::Dense>(node.op)) {
    what += " " + design::describe(layer.walk.window);
  }
  return fmt::format("{}, {} of {} outputs at once, multiplier {}", what, layer.walk.lanes,
                     layer.walk.set_outputs, multiplier);
}

}  // namespace

void write_computing_module(design::SourceFiles& files, const LayerModule& layer,
                            const std::string& multiply, const std::string& multiplier) {
  const LayerWalk& walk = layer.walk;
  const LayerArrays arrays = design::layer_arrays(layer.model, layer.plan.node);
  const int words = walk.weight_words();
  const int address_bits = index_bits(words);
  files[layer.file("weights")] = weights_text(walk, arrays);

  std::string text = module_head(layer, what_it_does(layer, multiplier));
  text += fmt::format("    wire {} weight_address;\n", range_text(address_bits));
  text += fmt::format("    wire {} read_weights, weight_codes;\n", range_text(8 * walk.lanes));
  text += "    wire [7:0] activation;\n";
  if (layer.has_weight_stream) text += "    wire has_weights, reads_weights;\n";
  text += fmt::format("    wire {} products;\n", range_text(16 * walk.lanes));
  text += "    wire sum_valid;\n";
  text += fmt::format("    wire {} sum;\n\n", range_text(walk.sum_bits()));
  text += engine_text(layer, address_bits) + '\n';
  text += weights_instance_text(layer, words, address_bits);
  text += '\n' + instance_text(multiply, "multipliers", {{"LANES", number(walk.lanes)}},
                               {{"activation", "activation"},
                                {"weights", "weight_codes"},
                                {"products", "products"}});
  text += fmt::format("\n    wire {} bias_channel, scale_channel;\n",
                      range_text(index_bits(walk.out.channels)));
  text += requantizer_and_constants(files, layer, arrays);
  files[layer.name() + ".v"] = text + "endmodule\n";
}

}  // namespace deepaxe::hw::verilog
