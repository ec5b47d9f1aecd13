// CoreParts: what the cores of both schedules write alike: ports, wires and instances of layers.
#pragma once

#include <string>
#include <vector>

#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// The ports of the core for weights from outside.
std::string weight_stream_ports(const std::vector<LayerModule>& layers);

/// Its last ports, by which logits are read.
std::string logit_ports(const MemoryShape& logits);

/// Declares what a layer writes: `NAME_valid` and `NAME_code_out`.
std::string output_wires(const LayerModule& layer);

/// The wires by which a layer reads one of its memories.
struct ReadWires {
  std::string rows, address, code;
};

/// The instance of a layer, between the wires of its memories (reads[i] belongs to memories[i]),
/// `start`, `running` (may be empty) and its output_wires.
std::string layer_instance_text(const LayerModule& layer, const std::vector<ReadWires>& reads,
                                const std::string& start, const std::string& running);

}  // namespace deepaxe::hw::verilog
