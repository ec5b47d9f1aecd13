// PowerModel: energy of one inference of the designs of a network that differ in multipliers.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/resource_source.h"
#include "deepaxe/hw/power/device_energy.h"
#include "deepaxe/hw/power/layer_activity.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::power {

/// Nanojoules of one image.
struct EnergyTerms {
  double multipliers = 0;   ///< Toggles of their LUTs, glitches of unit delay included.
  double dsp = 0;           ///< DSP slices: of exact multipliers, and of requantizers.
  double accumulators = 0;  ///< Operand, product and sum registers, and adders.
  double control = 0;       ///< All other LUTs and registers, at the default activity.
  double clock = 0;         ///< The clock tree of all registers.
  double memories = 0;      ///< Block RAM, clocked in every cycle: the engine has no read enable.
  double leakage = 0;       ///< Static power of the whole part for the time of an image.

  double total() const noexcept {
    return multipliers + dsp + accumulators + control + clock + memories + leakage;
  }
  EnergyTerms& operator+=(const EnergyTerms& other) noexcept;
  /// The same toggles, cycles and slices with other constants than k7Series.
  EnergyTerms with(const DeviceEnergy& device) const noexcept;
};

/// One row for each node with a module, and one of what the layers share, with the leakage.
struct LayerEnergy {
  std::string layer;
  EnergyTerms nj;
  double settled_nj = 0;  ///< `multipliers` without glitches.
};

struct PowerEstimate {
  std::vector<LayerEnergy> layers;  ///< Their terms add up to `total`.
  EnergyTerms total;
  double settled_nj = 0;  ///< Multipliers without glitches.
  /// Of one image at the clock asked for: the engine's cycles, of a pipeline its interval.
  double microseconds = 0;
  std::int64_t products = 0;  ///< Sampled, over all layers.
  /// Of weights that come from outside the part; what reading them takes there is not in `total`
  /// (external_memory.h).
  std::int64_t external_bytes = 0;

  double milliwatts() const noexcept { return total.total() / microseconds; }
  /// The error bar of the total: all constants at their least and at their most.
  double low_nj() const noexcept { return total.with(k7SeriesLow).total(); }
  double high_nj() const noexcept { return total.with(k7SeriesHigh).total(); }
};

/// One line: how the estimate is made, and that it is uncalibrated.
std::string_view power_source() noexcept;

/// Images whose operands are taken; every layer's sample is spread over them.
inline constexpr std::size_t kOperandImages = 64;

/// Raised with any energy, as cost::kResourceModelVersion.
inline constexpr int kPowerModelVersion = 1;

/// What depends on the network is found once; the activity of a multiplier in a layer when it is
/// first asked for (about a millisecond). Safe to use from any threads; multipliers asked about
/// must outlive it.
class PowerModel {
 public:
  /// inputs[l] has the codes that computing layer l reads, [images, size], the same images for all.
  /// Only during the call are model, source and codes read. Throws std::invalid_argument for a
  /// wrong number of inputs, one that is empty, or a clock that is not positive.
  PowerModel(const model::Int8Model& model, const cost::HardwareParams& params,
             const cost::ResourceSource& source,
             std::span<const std::span<const std::int8_t>> inputs, double clock_mhz);

  /// Nothing where a multiplier's switching is not known, an import without a netlist; `unknown`
  /// then says which.
  std::optional<PowerEstimate> estimate(cost::LayerMultipliers multipliers,
                                        std::string* unknown = nullptr) const;
  /// estimate()->total.total().
  std::optional<double> energy_nj(cost::LayerMultipliers multipliers) const;

 private:
  struct Layer {
    std::size_t row = 0;  // In rows_.
    OperandSample sample;
    int sum_bits = 0;
    double macs = 0, cycles = 0;  // Of one image.
  };
  using Activity = std::optional<ProductActivity>;

  void add_row(const std::string& name, const cost::Resources& resources, double datapath_nets,
               double busy_cycles);
  Activity find_activity(const Layer& layer, const arith::NamedMultiplier& multiplier) const;
  Activity activity(std::size_t layer, const arith::NamedMultiplier& multiplier) const;
  bool is_in_dsp(const arith::NamedMultiplier& multiplier) const noexcept;
  const SwitchingModel* circuit_of(const arith::NamedMultiplier& multiplier) const;

  cost::Baseline baseline_;
  double total_cycles_ = 0;
  double microseconds_ = 0;
  std::int64_t external_bytes_ = 0;
  std::vector<LayerEnergy> rows_;  // Without what multipliers decide.
  double fixed_nj_ = 0;            // Of rows_.
  std::vector<Layer> layers_;      // [computing layer]

  mutable std::mutex mutex_;
  mutable std::unordered_map<const arith::NamedMultiplier*, SwitchingModel> circuits_;
  mutable std::vector<std::unordered_map<const arith::NamedMultiplier*, Activity>> activities_;
};

}  // namespace deepaxe::hw::power
