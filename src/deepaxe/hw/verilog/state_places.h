// StatePlaces: every register and memory of a generated design, where faults can strike.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/verilog/layer_module.h"

namespace deepaxe::hw::verilog {

/// What a place of state holds; how a fault in it shows depends on this most.
enum class StateGroup {
  kActivation,   ///< Memories of codes between layers, the image's and the logits' included.
  kWeight,       ///< Weight ROMs.
  kConstant,     ///< Other ROMs: biases, factors, tables of functions.
  kAccumulator,  ///< Registers of sums that are added up or wait for the requantizer.
  kData,         ///< Other registers of codes, weights, products and results.
  kCounter,      ///< Loop counters, addresses, counts of rows, cycles and images.
  kControl,      ///< States, marks that say whether a value is one, and which.
};
inline constexpr int kNumStateGroups = 7;

std::string_view to_string(StateGroup group) noexcept;  ///< "activation", "weight"...
std::optional<StateGroup> parse_state_group(std::string_view text) noexcept;

/// A register, or a memory of words.
struct StatePlace {
  std::string path;  ///< Hierarchical name below the top module: "core.fc1_layer.engine.phase".
  StateGroup group = StateGroup::kData;
  bool is_memory = false;
};

/// In an order that depends on the design alone: shell, core, memories and layers. `queues` are
/// those of a pipeline; empty: the sequential engine. Registers as the sources have them; synthesis
/// removes those that never change.
std::vector<StatePlace> state_places(const std::vector<LayerModule>& layers,
                                     const std::vector<design::ImageQueue>& queues);

}  // namespace deepaxe::hw::verilog
