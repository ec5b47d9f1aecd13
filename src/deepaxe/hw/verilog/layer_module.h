// LayerModule: what the text of a layer's Verilog module needs, and the parts that all have.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/requantizer_shape.h"
#include "deepaxe/hw/verilog/module_text.h"
#include "deepaxe/model/graph.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::verilog {

/// A tensor's memory as its module has it.
struct MemoryShape {
  int rows = 1, row_size = 1;

  int address_bits() const noexcept;
  int row_bits() const noexcept;  ///< Of the number of rows that are written, 0 to `rows`.
};
MemoryShape memory_shape(const model::Int8Model& model, int node);

struct LayerModule {
  const model::Int8Model& model;
  const design::LayerPlan& plan;
  design::LayerWalk walk;
  std::vector<int> memories;       ///< Nodes whose memories it reads, each once.
  bool has_weight_stream = false;  ///< Weights come from outside, word by word.

  const model::Int8Node& node() const;
  const model::Int8Node& input(std::size_t index) const;
  std::string name() const { return "layer_" + plan.name; }
  std::string file(const std::string& what) const { return plan.name + "_" + what + ".hex"; }
  /// Position in `memories` of the memory of input number `index`.
  std::size_t memory_of_input(std::size_t index) const;
  /// `name`, or `name`_0, `name`_1... where several memories are read.
  std::string port(const std::string& name, std::size_t memory) const;
};
LayerModule make_layer_module(const model::Int8Model& model, const design::LayerPlan& plan,
                              int parallel_outputs);

/// Multipliers of each computing layer, as design::schedule wants them.
std::vector<int> parallel_outputs_of(const std::vector<LayerModule>& layers);

/// The comment `name: what, 28x28x1 -> 24x24x6.`, the module's name and its ports: clock, reset,
/// start, running; rows_ready, read_address and read_code of each memory; code_valid, code.
std::string module_head(const LayerModule& layer, const std::string& what);

/// The parameters that tell a walker which rows it must wait for, of memory number 0.
Connections source_parameters(const LayerModule& layer);
/// Sizes and window of a walker with one set for each channel.
Connections pool_parameters(const LayerModule& layer);
/// The ports of a module with one memory, connected to those of the layer.
Connections source_ports(const LayerModule& layer);

/// What a requantizer makes of the sums that come to it.
struct Requantization {
  int channels = 1;
  design::RequantizerShape shape = {};
  int interval = 1;
  quant::Rounding rounding = quant::Rounding::kDouble;
  std::string bias, mantissa, shift_below_max;  ///< Expressions: constants, or words of a memory.
};
/// The instance `requantizer`, between the wires sum_valid, sum and the layer's outputs.
std::string requantizer_text(const LayerModule& layer, const Requantization& requantization);
/// With one factor and one bias for all channels. A mantissa of 0 has any shift.
Requantization with_one_scale(quant::RequantScale scale, std::int32_t bias);

}  // namespace deepaxe::hw::verilog
