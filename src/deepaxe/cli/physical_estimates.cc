#include "deepaxe/cli/physical_estimates.h"

#include <fmt/format.h>

#include <vector>

#include "deepaxe/base/text.h"
#include "deepaxe/cli/accelerator.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/engine/layer_inputs.h"
#include "deepaxe/hw/power/external_memory.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;
using hw::power::EnergyTerms;
using hw::timing::ClockEstimate;
using hw::timing::LayerTiming;
using hw::timing::to_mhz;

constexpr double kUjPerNj = 1e-3;

const std::string& name_of(const model::Int8Model& model, const LayerTiming& layer) {
  return model.nodes[static_cast<std::size_t>(layer.node)].name;
}

void add_power(PhysicalEstimates& estimates, const model::Int8Model& model,
               const engine::Assignment& assignment, std::span<const std::int8_t> codes,
               const hw::cost::Estimator& estimator) {
  const engine::Int8Engine engine(model);
  const engine::LayerInputs inputs(engine, assignment, codes, hw::power::kOperandImages);
  estimates.images = inputs.num_images();
  const hw::power::PowerModel power(model, estimator.params(), estimator.source(), inputs.codes(),
                                    estimates.clock_mhz);
  std::string unknown;
  estimates.power = power.estimate(multipliers_of(assignment), &unknown);
  if (!estimates.power) {
    estimates.no_power =
        fmt::format("undefined: switching of {} is not known, it has no netlist", unknown);
  }
}

std::string stages_text(const LayerTiming& layer, double clock_mhz) {
  if (!layer.multiplier) return "";
  const int stages = hw::timing::stages_needed(*layer.multiplier, clock_mhz);
  return stages == 0 ? "none" : std::to_string(stages);
}

std::string clock_text(const model::Int8Model& model, const PhysicalEstimates& estimates) {
  std::vector<std::vector<std::string>> rows = {{"layer", "longest path", "LUT levels",
                                                 "carry bits", "ns", "multiplier levels",
                                                 "product stages"}};
  for (const LayerTiming& layer : estimates.clock.layers) {
    rows.push_back({name_of(model, layer), std::string(layer.path.circuit),
                    std::to_string(layer.path.lut_levels), std::to_string(layer.path.carry_bits),
                    fmt::format("{:.2f}", layer.delay.ns),
                    layer.multiplier ? std::to_string(layer.multiplier->lut_levels) : "",
                    stages_text(layer, estimates.clock_mhz)});
  }
  const ClockEstimate& clock = estimates.clock;
  const hw::timing::PathDelay period = clock.period();
  std::string text = base::align_columns(rows);
  text += fmt::format("clock        {}: {}\n", describe_clock(model, clock),
                      hw::timing::clock_source());
  text += fmt::format("{:.0f} MHz      {}; interval 1 cycle, one register behind each multiplier\n",
                      estimates.clock_mhz,
                      period.high_ns <= 1e3 / estimates.clock_mhz  ? "met"
                      : period.ns <= 1e3 / estimates.clock_mhz     ? "met, within the error bar"
                      : period.low_ns <= 1e3 / estimates.clock_mhz ? "NOT met, within the error bar"
                                                                   : "NOT met");
  if (!clock.unknown.empty()) {
    text += fmt::format("             without {}, which has no netlist\n", clock.unknown);
  }
  return text;
}

std::vector<std::string> energy_row(const std::string& name, const EnergyTerms& nj) {
  std::vector<std::string> row = {name};
  for (const double term : {nj.multipliers, nj.dsp, nj.accumulators, nj.control, nj.clock,
                            nj.memories, nj.leakage, nj.total()}) {
    row.push_back(fmt::format("{:.3f}", kUjPerNj * term));
  }
  return row;
}

// Nothing where all weights are in the part.
std::string external_text(std::int64_t bytes) {
  if (bytes == 0) return "";
  const hw::power::EnergyRange energy = hw::power::dram_reads(bytes);
  return fmt::format("outside      {:.2f} to {:.2f} uJ an image for {} bytes of weights: {}\n",
                     kUjPerNj * energy.low_nj, kUjPerNj * energy.high_nj, bytes,
                     hw::power::kDramSource);
}

Json external_json(std::int64_t bytes) {
  const hw::power::EnergyRange energy = hw::power::dram_reads(bytes);
  return {{"bytes", bytes},
          {"low_nj", energy.low_nj},
          {"high_nj", energy.high_nj},
          {"source", hw::power::kDramSource}};
}

std::string power_text(const PhysicalEstimates& estimates) {
  if (!estimates.power) return fmt::format("power        {}\n", estimates.no_power);
  const hw::power::PowerEstimate& power = *estimates.power;
  std::vector<std::vector<std::string>> rows = {{"uJ an image", "multipliers", "DSP",
                                                 "accumulators", "control", "clock", "memories",
                                                 "leakage", "total"}};
  for (const auto& layer : power.layers) rows.push_back(energy_row(layer.layer, layer.nj));
  rows.push_back(energy_row("total", power.total));
  rows.push_back(energy_row("low", power.total.with(hw::power::k7SeriesLow)));
  rows.push_back(energy_row("high", power.total.with(hw::power::k7SeriesHigh)));
  std::string text = base::align_columns(rows);
  text += fmt::format(
      "power        {:.1f} mW ({:.1f} to {:.1f}), {:.2f} uJ an image ({:.2f} to {:.2f}) at {:.0f} "
      "MHz: {}; {} products of {} images\n",
      power.milliwatts(), power.low_nj() / power.microseconds, power.high_nj() / power.microseconds,
      kUjPerNj * power.total.total(), kUjPerNj * power.low_nj(), kUjPerNj * power.high_nj(),
      estimates.clock_mhz, hw::power::power_source(), power.products, estimates.images);
  text += fmt::format("multipliers  {:.3f} uJ with glitches of unit delay, {:.3f} without{}\n",
                      kUjPerNj * power.total.multipliers, kUjPerNj * power.settled_nj,
                      estimates.published_nj ? fmt::format(", {:.3f} by published figures at 45 nm",
                                                           kUjPerNj * *estimates.published_nj)
                                             : std::string());
  return text + external_text(power.external_bytes);
}

Json delay_json(const hw::timing::PathDelay& delay) {
  return {{"ns", delay.ns}, {"low_ns", delay.low_ns}, {"high_ns", delay.high_ns}};
}

Json clock_json(const model::Int8Model& model, const PhysicalEstimates& estimates) {
  const ClockEstimate& clock = estimates.clock;
  Json layers = Json::array();
  for (const LayerTiming& layer : clock.layers) {
    Json json = delay_json(layer.delay);
    json["layer"] = name_of(model, layer);
    json["circuit"] = layer.path.circuit;
    json["lut_levels"] = layer.path.lut_levels;
    json["carry_bits"] = layer.path.carry_bits;
    if (layer.multiplier) {
      json["multiplier_levels"] = layer.multiplier->lut_levels;
      json["product_stages"] = hw::timing::stages_needed(*layer.multiplier, estimates.clock_mhz);
    }
    layers.push_back(json);
  }
  Json json = delay_json(clock.period());
  json["max_mhz"] = to_mhz(clock.period().ns);
  json["asked_mhz"] = estimates.clock_mhz;
  json["met"] = clock.period().ns <= 1e3 / estimates.clock_mhz;
  json["layer"] = name_of(model, clock.layers[clock.critical]);
  json["circuit"] = clock.layers[clock.critical].path.circuit;
  json["interval_cycles"] = 1;
  json["unknown"] = clock.unknown;
  json["layers"] = layers;
  json["source"] = hw::timing::clock_source();
  return json;
}

Json terms_json(const EnergyTerms& nj) {
  return {{"multipliers_nj", nj.multipliers},
          {"dsp_nj", nj.dsp},
          {"accumulators_nj", nj.accumulators},
          {"control_nj", nj.control},
          {"clock_nj", nj.clock},
          {"memories_nj", nj.memories},
          {"leakage_nj", nj.leakage},
          {"total_nj", nj.total()}};
}

Json power_json(const PhysicalEstimates& estimates) {
  const hw::power::PowerEstimate& power = *estimates.power;
  Json layers = Json::array();
  for (const auto& layer : power.layers) {
    Json json = terms_json(layer.nj);
    json["layer"] = layer.layer;
    json["multipliers_without_glitches_nj"] = layer.settled_nj;
    layers.push_back(json);
  }
  Json json = terms_json(power.total);
  json["multipliers_without_glitches_nj"] = power.settled_nj;
  json["multipliers_published_45nm_nj"] =
      estimates.published_nj ? Json(*estimates.published_nj) : Json();
  json["low"] = terms_json(power.total.with(hw::power::k7SeriesLow));
  json["high"] = terms_json(power.total.with(hw::power::k7SeriesHigh));
  json["milliwatts"] = power.milliwatts();
  json["microseconds"] = power.microseconds;
  json["images"] = estimates.images;
  json["products"] = power.products;
  json["layers"] = layers;
  json["source"] = hw::power::power_source();
  json["external_weights"] = external_json(power.external_bytes);
  return json;
}

}  // namespace

PhysicalEstimates estimate_physical(const model::Int8Model& model,
                                    const engine::Assignment& assignment,
                                    std::span<const std::int8_t> codes,
                                    const hw::cost::Estimator& estimator, double clock_mhz) {
  const auto multipliers = multipliers_of(assignment);
  PhysicalEstimates estimates;
  estimates.clock_mhz = clock_mhz;
  estimates.clock = hw::timing::ClockModel(model, estimator.params()).estimate(multipliers);
  estimates.published_nj = estimator.figures(multipliers).multiplier_energy_nj;
  if (codes.empty()) {
    estimates.no_power = "needs --data: images whose operands switch the multipliers";
  } else {
    add_power(estimates, model, assignment, codes, estimator);
  }
  return estimates;
}

std::string describe_clock(const model::Int8Model& model, const ClockEstimate& clock) {
  const hw::timing::PathDelay period = clock.period();
  const LayerTiming& critical = clock.layers[clock.critical];
  return fmt::format("{:.0f} MHz ({:.0f} to {:.0f}), {:.2f} ns in {} of {}", to_mhz(period.ns),
                     to_mhz(period.high_ns), to_mhz(period.low_ns), period.ns,
                     critical.path.circuit, name_of(model, critical));
}

std::string physical_text(const model::Int8Model& model, const PhysicalEstimates& estimates) {
  return clock_text(model, estimates) + "\n" + power_text(estimates);
}

void add_physical(nlohmann::ordered_json& json, const model::Int8Model& model,
                  const PhysicalEstimates& estimates) {
  json["clock"] = clock_json(model, estimates);
  json["power"] = estimates.power ? power_json(estimates) : Json();
  json["sources"]["power"] =
      estimates.power ? std::string(hw::power::power_source()) : estimates.no_power;
}

}  // namespace deepaxe::cli
