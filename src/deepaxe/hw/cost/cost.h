// CostReport: cycles, time and resources of one design point, each figure with its source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/hw/cost/hardware_params.h"
#include "deepaxe/hw/cost/part.h"
#include "deepaxe/hw/cost/resources.h"
#include "deepaxe/hw/cost/weight_bandwidth.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::hw::cost {

inline constexpr double kClockMhz = 100;  ///< As in the paper; see at_clock.

/// One node of the network that takes cycles or memory.
struct LayerCost {
  std::string layer;
  std::string multiplier;          ///< Its name; empty unless the layer computes.
  std::int64_t cycles_engine = 0;  ///< If it never waits; layers overlap.
  Resources resources;
};

/// One line each, never empty: where the figure comes from, and its error where that is known.
struct CostSources {
  std::string cycles_paper;
  std::string cycles_engine;
  std::string microseconds;
  std::string interval;
  std::string lut;
  std::string ff;
  std::string dsp;
  std::string bram;
  std::string utilization;
  std::string multiplier_energy;
};

/// What designs are compared by.
struct CostFigures {
  std::optional<std::int64_t> cycles_paper;  ///< Of one image; see paper_latency.h.
  std::int64_t cycles_engine = 0;            ///< Of one image; see engine_cycles.h.
  /// That asked for; kPaper only where it is defined.
  CycleModel used_cycle_model = CycleModel::kEngine;
  std::int64_t cycles = 0;  ///< By used_cycle_model: the objective.
  double clock_mhz = kClockMhz;
  double microseconds = 0;  ///< `cycles` at that clock.
  /// From image to image while they follow each other; see hw/design/schedule.h and pipeline.h.
  std::int64_t interval_cycles = 0;
  double images_per_second = 0;  ///< At that clock.
  Resources total;
  Resources low, high;              ///< Error bar of `total`; CostSources says what it means.
  double utilization_fraction = 0;  ///< (FF + LUT) of HardwareParams::part.
  /// 45 nm energy of all products of one image, in nJ; nothing if a circuit has no figures.
  std::optional<double> multiplier_energy_nj;
};

/// The row of what the layers share: memories between them, and the control of an image.
inline constexpr const char* kCoreName = "(between layers)";

/// The exact design on another baseline: what an approximate design must beat.
struct Reference {
  Baseline baseline = Baseline::kNative;
  Resources total;
  double utilization_fraction = 0;

  /// It needs no more LUT and FF together than a design of these resources.
  bool needs_no_more_than(const Resources& resources) const noexcept {
    return total.luts + total.ffs <= resources.luts + resources.ffs;
  }
};

struct CostReport : CostFigures {
  std::string source;               ///< Of the resources: ResourceSource::name().
  std::vector<Shortage> shortages;  ///< Empty: the part can hold the design.
  /// In graph order, then that of kCoreName; their resources add up to `total`.
  std::vector<LayerCost> layers;
  std::vector<Reference> references;  ///< `native` and `dsp`, in this order.
  WeightBandwidth weights;            ///< Of those that come from outside.
  CostSources sources;

  /// Of `cycles`, which used_cycle_model chose.
  std::string cycles_source() const;
};

/// The same design at another clock: the time of an image, images a second, and what is said of
/// them. Whether the design meets it is another question (hw/timing).
CostReport at_clock(CostReport report, double clock_mhz);

/// `multipliers` has one entry for each computing layer. The paper's law is of a sequential design,
/// so it is left undefined for more than one parallel output and for a pipeline. Throws
/// std::invalid_argument for a wrong number of multipliers, a null one, or parallel_outputs < 1.
CostReport estimate_cost(const model::Int8Model& model, LayerMultipliers multipliers,
                         const HardwareParams& params);

}  // namespace deepaxe::hw::cost
