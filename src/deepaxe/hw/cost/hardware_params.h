// HardwareParams: what a design point fixes about the accelerator besides its multipliers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/hw/cost/part.h"
#include "deepaxe/hw/design/pipeline.h"

namespace deepaxe::hw::cost {

/// What an exact multiplier is made of. Figures under different baselines are never compared.
enum class Baseline {
  kDsp,     ///< A DSP48 slice.
  kNative,  ///< LUTs and carry chains, as synthesis infers them from `a * b`.
  kGate,    ///< The gate-level exact circuit 1KV6, with which the paper compares.
};

/// What the memories of codes and weights are made of.
enum class MemoryStyle {
  kBlock,        ///< Block RAM.
  kDistributed,  ///< LUTs (memory_style.h).
};

/// Which cycles a design point is judged by; kPaper falls back to kEngine where it is undefined.
enum class CycleModel {
  kPaper,     ///< Of an image alone, by the paper's latency law.
  kEngine,    ///< Of an image alone, by the schedule of the engine.
  kInterval,  ///< From image to image while they follow each other.
};

struct HardwareParams {
  int parallel_outputs = 1;  ///< N: outputs of a layer computed at once, at least 1.
  /// N by computing layer, in graph order; empty: parallel_outputs everywhere.
  std::vector<int> layer_outputs = {};
  Baseline baseline = Baseline::kGate;
  MemoryStyle memory = MemoryStyle::kBlock;
  /// By computing layer: its weights come on a stream from outside; empty: all lie in ROMs.
  std::vector<bool> external_weights = {};
  design::ImageSchedule schedule = design::ImageSchedule::kSequential;
  CycleModel cycle_model = CycleModel::kPaper;
  /// The device that utilization is of.
  Part part = kXc7s100;

  /// N of each of `num_layers` computing layers. Throws std::invalid_argument for an N below 1 or
  /// layer_outputs of another size.
  std::vector<int> outputs_of_layers(std::size_t num_layers) const;
  /// Whether each has its weights outside. Throws std::invalid_argument for another size.
  std::vector<bool> external_layers(std::size_t num_layers) const;

  bool operator==(const HardwareParams&) const = default;
};

/// Vivado's LUTs per logic cell of yosys, of a multiplier of gates: least squares of the relative
/// error over 31 circuits with published LUTs of Vivado (ApproxFPGAs, Prabakaran et al., DAC 2020),
/// synthesized by the commands of multiplier_luts.cc; tools/compare_with_vivado.py. Its error for
/// control logic has not been measured. Not for logic cells before a bit of a carry chain: there
/// LUT and chain are one place of a slice, which neither tool can pack or leave out, so they count
/// once.
inline constexpr double kLutsPerLc = 0.957;
inline constexpr double kLutsPerLcError = 0.098;  ///< Mean error there; 0.077 from 10 LUTs on.

/// One multiplier for each computing layer, in graph order.
using LayerMultipliers = std::span<const arith::NamedMultiplier* const>;

/// "1 output", "4 outputs", or "1, 2, 2, 1, 1 outputs by layer" where they differ.
std::string describe_outputs(std::span<const int> outputs);

std::string_view to_string(Baseline baseline) noexcept;               ///< "dsp", "native", "gate".
std::string_view to_string(MemoryStyle memory) noexcept;              ///< "block", "distributed".
std::string_view to_string(CycleModel cycle_model) noexcept;          ///< "paper", "engine"...
std::string_view to_string(design::ImageSchedule schedule) noexcept;  ///< "sequential"...
/// The value of that name; nothing for any other text.
std::optional<Baseline> parse_baseline(std::string_view text) noexcept;
std::optional<MemoryStyle> parse_memory_style(std::string_view text) noexcept;
std::optional<CycleModel> parse_cycle_model(std::string_view text) noexcept;
std::optional<design::ImageSchedule> parse_image_schedule(std::string_view text) noexcept;

}  // namespace deepaxe::hw::cost
