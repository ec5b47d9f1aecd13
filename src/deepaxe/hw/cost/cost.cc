#include "deepaxe/hw/cost/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/layer_resources.h"
#include "deepaxe/hw/cost/memory_style.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/hw/cost/paper_latency.h"

namespace deepaxe::hw::cost {
namespace {

void check(const std::vector<int>& computing, LayerMultipliers multipliers) {
  if (multipliers.size() != computing.size()) {
    throw std::invalid_argument(fmt::format("{} multipliers for {} computing layers",
                                            multipliers.size(), computing.size()));
  }
  if (std::find(multipliers.begin(), multipliers.end(), nullptr) != multipliers.end()) {
    throw std::invalid_argument("a computing layer without a multiplier");
  }
}

void add_cycles(CostReport& report, const model::Int8Model& model, LayerMultipliers multipliers,
                std::span<const int> outputs, const HardwareParams& params) {
  report.cycles_engine = engine_cycles(model, outputs);
  report.sources.cycles_engine = engine_cycles_source(outputs);
  if (std::ranges::all_of(outputs, [](int n) { return n == 1; })) {
    PaperLatency latency = paper_latency(model, multipliers);
    report.cycles_paper = latency.cycles;
    report.sources.cycles_paper = std::move(latency.source);
  } else {
    report.sources.cycles_paper = "undefined: the paper's latency law is of one output at a time";
  }
  const bool is_paper = params.cycle_model == CycleModel::kPaper && report.cycles_paper.has_value();
  report.used_cycle_model = is_paper ? CycleModel::kPaper : CycleModel::kEngine;
  report.cycles = is_paper ? *report.cycles_paper : report.cycles_engine;
  report.microseconds = static_cast<double>(report.cycles) / kClockMhz;
  report.sources.microseconds = fmt::format("cycles of the {} model at {:.0f} MHz",
                                            to_string(report.used_cycle_model), kClockMhz);
}

void add_layers(CostReport& report, const model::Int8Model& model, LayerMultipliers multipliers,
                std::span<const int> outputs, const HardwareParams& params) {
  std::size_t next = 0;  // Of the computing layers.
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const model::Int8Node& node = model.nodes[i];
    const bool computes = model::is_computing(node.op);
    const int lanes = computes ? outputs[next] : 1;
    LayerCost layer{.layer = node.name,
                    .multiplier = "",
                    .cycles_engine = engine_layer_cycles(model, static_cast<int>(i), lanes),
                    .resources = other_layer_resources(node)};
    if (computes) {
      const arith::NamedMultiplier& multiplier = *multipliers[next++];
      layer.multiplier = multiplier.name;
      layer.resources = computing_layer_resources(node, multiplier, lanes, params.baseline);
    }
    if (params.memory == MemoryStyle::kDistributed) {
      layer.resources = in_distributed_memory(layer.resources, node, lanes);
    }
    report.total = report.total + layer.resources;
    report.layers.push_back(std::move(layer));
  }
  report.utilization_fraction = utilization_fraction(report.total, params.part);
  report.shortages = find_shortages(report.total, params.part);
}

// Each way in which a multiplier's LUTs were found, once.
std::string multiplier_sources(LayerMultipliers multipliers, Baseline baseline) {
  std::vector<std::string> sources;
  for (const arith::NamedMultiplier* multiplier : multipliers) {
    std::string source = multiplier_luts(*multiplier, baseline).source;
    if (std::find(sources.begin(), sources.end(), source) == sources.end()) {
      sources.push_back(std::move(source));
    }
  }
  return sources.empty() ? "none" : base::join(sources, "; ");
}

void add_resource_sources(CostSources& sources, LayerMultipliers multipliers,
                          const HardwareParams& params) {
  sources.lut = fmt::format(
      "0.832 x LC, LC = 380 + N (40.5 + 0.978 LC_mult) per computing layer (additive model fitted "
      "to the authors' own sequential engine, which is not part of this repository), LC_mult: {}; "
      "error of this flow not measured",
      multiplier_sources(multipliers, params.baseline));
  sources.ff = "registers of the engine's schedule, counted, not synthesized; error not measured";
  sources.dsp = params.baseline == Baseline::kDsp
                    ? "one DSP48 per exact lane; requantization is counted in the LUTs"
                    : "none: every multiplier is made of LUTs";
  sources.bram =
      "weight, parameter and activation bits in 18 Kb halves of 36 Kb blocks, one memory each; "
      "error not measured";
  if (params.memory == MemoryStyle::kDistributed) {
    sources.lut += "; memories in LUTs: 64 bits of ROM or 48 of RAM a LUT, and multiplexers";
    sources.bram = "none: memories are in LUTs";
  }
  sources.utilization =
      fmt::format("(FF + LUT) / ({} FF + {} LUT of an {}, {}), as in the paper", params.part.ffs,
                  params.part.luts, params.part.name, params.part.source);
}

// Published power times delay is the energy of one product at full rate; an exact layer has it only
// where it is the gate-level circuit.
void add_energy(CostReport& report, const model::Int8Model& model, LayerMultipliers multipliers,
                const std::vector<int>& computing, Baseline baseline) {
  double sum_nj = 0;
  for (std::size_t i = 0; i < computing.size(); ++i) {
    std::optional<arith::PublishedFigures> figures = multipliers[i]->published;
    if (multipliers[i]->multiplier.is_exact()) {
      figures =
          baseline == Baseline::kGate ? arith::find_multiplier("1KV6")->published : std::nullopt;
    }
    if (!figures) {
      report.sources.multiplier_energy =
          fmt::format("undefined: no published power of {} ({} baseline)", multipliers[i]->name,
                      to_string(baseline));
      return;
    }
    const double one_pj = figures->power_mw * figures->delay_ns;
    sum_nj += 1e-3 * one_pj * static_cast<double>(model::num_macs(model, computing[i]));
  }
  report.multiplier_energy_nj = sum_nj;
  report.sources.multiplier_energy =
      "estimate: products x published power x delay (EvoApproxLib v2022, 45 nm ASIC, not FPGA)";
}

}  // namespace

CostReport estimate_cost(const model::Int8Model& model, LayerMultipliers multipliers,
                         const HardwareParams& params) {
  const std::vector<int> computing = model::computing_nodes(model);
  check(computing, multipliers);
  const std::vector<int> outputs = params.outputs_of_layers(computing.size());
  CostReport report;
  add_cycles(report, model, multipliers, outputs, params);
  add_layers(report, model, multipliers, outputs, params);
  add_resource_sources(report.sources, multipliers, params);
  add_energy(report, model, multipliers, computing, params.baseline);
  return report;
}

}  // namespace deepaxe::hw::cost
