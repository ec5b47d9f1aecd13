// The latency law of the DeepAxe paper, which its printed cycle counts obey.
// Source: Taheri et al., ISQED 2023; the law was recovered from the printed cycles of its networks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

struct PaperLatency {
  std::optional<std::int64_t> cycles;  ///< Of one image; nothing where the law is not defined.
  std::string source;                  ///< Of the figure, or why there is none.
};

/// Defined for the paper's LeNet-5, AlexNet and 3-layer MLP (by shape), with exact, 1KV8, 1KV9 and
/// 1KVP (by products, not by name). `multipliers` has one entry for each computing layer.
PaperLatency paper_latency(const model::Int8Model& model, LayerMultipliers multipliers);

}  // namespace deepaxe::hw::cost
