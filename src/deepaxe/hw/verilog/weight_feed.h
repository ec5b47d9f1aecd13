// WeightFeed: what a test bench needs to send the streams of weights.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// Text of a bench with a `clock` and an instance `dut` of the top module.
struct WeightFeed {
  std::string declarations;  ///< Memories of the words and what sends them; +stalls: with gaps.
  std::string source;        ///< The module that they instantiate.
  std::string ports;         ///< `, .s_axis_fc1_weights_tdata(...)`: connections of the instance.
};
/// Both empty where all weights lie in ROMs.
WeightFeed weight_feed(const std::vector<LayerModule>& layers);

}  // namespace deepaxe::hw::verilog
