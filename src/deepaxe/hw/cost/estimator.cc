#include "deepaxe/hw/cost/estimator.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/model_source.h"

namespace deepaxe::hw::cost {
namespace {

// Published power times delay is the energy of one product at full rate; an exact multiplier has it
// only where it is the gate-level circuit.
std::optional<double> published_product_pj(const arith::NamedMultiplier& multiplier,
                                           Baseline baseline) {
  std::optional<arith::PublishedFigures> figures = multiplier.published;
  if (multiplier.multiplier.is_exact()) {
    if (baseline != Baseline::kGate) return std::nullopt;
    figures = arith::find_multiplier("1KV6")->published;
  }
  if (!figures) return std::nullopt;
  return figures->power_mw * figures->delay_ns;
}

bool is_one(int outputs) noexcept { return outputs == 1; }

// Of its three numbers of cycles, the one that it is judged by.
void set_cycles(CostFigures& figures, CycleModel wanted) {
  const bool is_undefined = wanted == CycleModel::kPaper && !figures.cycles_paper;
  figures.used_cycle_model = is_undefined ? CycleModel::kEngine : wanted;
  switch (figures.used_cycle_model) {
    case CycleModel::kPaper:
      figures.cycles = *figures.cycles_paper;
      break;
    case CycleModel::kEngine:
      figures.cycles = figures.cycles_engine;
      break;
    case CycleModel::kInterval:
      figures.cycles = figures.interval_cycles;
      break;
  }
}

}  // namespace

Estimator::Estimator(const model::Int8Model& model, HardwareParams params,
                     std::shared_ptr<const ResourceSource> source)
    : model_(model),
      params_(std::move(params)),
      source_(std::move(source)),
      computing_(model::computing_nodes(model)),
      outputs_(params_.outputs_of_layers(computing_.size())),
      law_(model),
      timing_(engine_timing(model, outputs_, params_.schedule)),
      weights_(weight_bandwidth(model, outputs_, params_.external_layers(computing_.size()),
                                timing_.weight_cycles)) {
  if (!source_) source_ = std::make_shared<ModelSource>(model, params_);
  fixed_ = source_->core();
  std::size_t next = 0;  // Of the computing layers.
  for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
    const bool computes = model::is_computing(model.nodes[static_cast<std::size_t>(node)].op);
    layer_cycles_.push_back(engine_layer_cycles(model, node, computes ? outputs_[next++] : 1));
    layers_.push_back(source_->layer(node));
    fixed_ += layers_.back();
  }
  for (const int node : computing_) macs_.push_back(model::num_macs(model, node));
}

void Estimator::check(LayerMultipliers multipliers) const {
  if (multipliers.size() != computing_.size()) {
    throw std::invalid_argument(fmt::format("{} multipliers for {} computing layers",
                                            multipliers.size(), computing_.size()));
  }
  if (std::find(multipliers.begin(), multipliers.end(), nullptr) != multipliers.end()) {
    throw std::invalid_argument("a computing layer without a multiplier");
  }
}

Estimator::MultiplierCost Estimator::find_cost(const arith::NamedMultiplier& multiplier) const {
  return {.estimate = source_->multiplier(multiplier, params_.baseline),
          .pace = paper_pace(multiplier),
          .product_pj = published_product_pj(multiplier, params_.baseline)};
}

// Found outside the lock, for it may take a synthesis; references into an unordered_map stay valid.
const Estimator::MultiplierCost& Estimator::cost_of(
    const arith::NamedMultiplier& multiplier) const {
  {
    const std::scoped_lock lock(mutex_);
    const auto known = costs_.find(&multiplier);
    if (known != costs_.end()) return known->second;
  }
  MultiplierCost found = find_cost(multiplier);
  const std::scoped_lock lock(mutex_);
  return costs_.try_emplace(&multiplier, found).first->second;
}

CostFigures Estimator::figures(LayerMultipliers multipliers) const {
  check(multipliers);
  CostFigures figures;
  Estimate total = fixed_;
  PaperLaw::Sum paper = law_.sum();
  std::optional<double> energy_nj = 0;
  for (std::size_t l = 0; l < multipliers.size(); ++l) {
    const MultiplierCost& one = cost_of(*multipliers[l]);
    total += outputs_[l] * one.estimate;
    paper.add_layer(one.pace);
    if (!one.product_pj) energy_nj.reset();
    if (energy_nj) *energy_nj += 1e-3 * *one.product_pj * static_cast<double>(macs_[l]);
  }
  figures.multiplier_energy_nj = energy_nj;
  figures.total = total.value;
  figures.low = total.low;
  figures.high = total.high;
  figures.utilization_fraction = utilization_fraction(total.value, params_.part);
  if (std::ranges::all_of(outputs_, is_one) && !is_pipelined())
    figures.cycles_paper = paper.cycles();
  figures.cycles_engine = timing_.cycles;
  figures.interval_cycles = timing_.interval;
  set_cycles(figures, params_.cycle_model);
  return figures;
}

CostReport Estimator::report(LayerMultipliers multipliers) const {
  CostReport report{figures(multipliers), {}, {}, {}, references(), weights_, {}};
  report.shortages = find_shortages(report.total, params_.part);
  report.source = source_->name();
  add_layers(report, multipliers);
  add_sources(report, multipliers);
  return at_clock(std::move(report), kClockMhz);
}

std::vector<Reference> Estimator::references() const {
  static const arith::MultiplierPtr exact = arith::find_multiplier("exact");
  std::vector<Reference> references;
  for (const Baseline baseline : {Baseline::kNative, Baseline::kDsp}) {
    const Estimate one = source_->multiplier(*exact, baseline);
    Estimate total = fixed_;
    for (const int outputs : outputs_) total += outputs * one;
    references.push_back({baseline, total.value, utilization_fraction(total.value, params_.part)});
  }
  return references;
}

void Estimator::add_layers(CostReport& report, LayerMultipliers multipliers) const {
  std::size_t next = 0;  // Of the computing layers.
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    LayerCost layer{.layer = model_.nodes[i].name,
                    .multiplier = "",
                    .cycles_engine = layer_cycles_[i],
                    .resources = layers_[i].value};
    if (model::is_computing(model_.nodes[i].op)) {
      const arith::NamedMultiplier& multiplier = *multipliers[next];
      layer.multiplier = multiplier.name;
      layer.resources = layer.resources + (outputs_[next] * cost_of(multiplier).estimate).value;
      ++next;
    }
    report.layers.push_back(std::move(layer));
  }
  report.layers.push_back({.layer = kCoreName,
                           .multiplier = "",
                           .cycles_engine = 0,
                           .resources = source_->core().value});
}

void Estimator::add_sources(CostReport& report, LayerMultipliers multipliers) const {
  CostSources& sources = report.sources;
  sources.cycles_engine =
      is_pipelined() ? pipeline_cycles_source(outputs_) : engine_cycles_source(outputs_);
  sources.cycles_paper = law_.source(multipliers);
  if (is_pipelined()) {
    sources.cycles_paper = "undefined: the paper's latency law is of one image at a time";
  } else if (!std::ranges::all_of(outputs_, is_one)) {
    sources.cycles_paper = "undefined: the paper's latency law is of one output at a time";
  }
  sources.interval =
      is_pipelined()
          ? "slowest stage of the pipeline, " + design::pipeline_interval(model_, outputs_).stage +
                ", equal to simulation"
          : "codes in, cycles of the engine, logits out, one image after the other; equal to "
            "simulation";
  const ResourceTexts texts = source_->texts(multipliers, params_.baseline);
  sources.lut = texts.lut;
  sources.ff = texts.ff;
  sources.dsp = texts.dsp;
  sources.bram = texts.bram;
  sources.utilization =
      fmt::format("(FF + LUT) / ({} FF + {} LUT of an {}, {}), as in the paper", params_.part.ffs,
                  params_.part.luts, params_.part.name, params_.part.source);
  sources.multiplier_energy =
      "estimate: products x published power x delay (EvoApproxLib v2022, 45 nm ASIC, not FPGA)";
  if (report.multiplier_energy_nj) return;
  const auto unknown = std::ranges::find_if(
      multipliers, [&](const auto* multiplier) { return !cost_of(*multiplier).product_pj; });
  sources.multiplier_energy = fmt::format("undefined: no published power of {} ({} baseline)",
                                          (*unknown)->name, to_string(params_.baseline));
}

}  // namespace deepaxe::hw::cost
