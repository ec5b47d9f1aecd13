#include "deepaxe/explore/study_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "deepaxe/base/sha256.h"
#include "deepaxe/base/text.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/paper_latency.h"
#include "deepaxe/hw/power/power_model.h"
#include "deepaxe/hw/timing/clock_model.h"

namespace deepaxe::explore {
namespace {

static_assert(fault::kNumOutcomes == store::kNumOutcomes);

const char* sampling_name(fault::Sampling sampling) {
  switch (sampling) {
    case fault::Sampling::kUniformPairs:
      return "uniform_pairs";
    case fault::Sampling::kStratified:
      return "stratified";
    case fault::Sampling::kCommonFaults:
      return "common_faults";
    case fault::Sampling::kFaultList:
      return "fault_list";
    case fault::Sampling::kCensus:
      return "census";
    case fault::Sampling::kDeepaxe2023:
      break;
  }
  return "deepaxe2023";
}

// Everything that can change a result and is not in another field of StudyInfo or of its points;
// keys in alphabetical order, so that equal options are equal texts.
std::string canonical_options(const fault::CampaignParams& campaign,
                              const std::vector<std::uint32_t>& class_sizes,
                              const hw::cost::HardwareParams& hardware, const std::string& source) {
  nlohmann::json options = {{"sampling", sampling_name(campaign.sampling)},
                            {"num_faults", campaign.num_faults},
                            {"max_pairs", campaign.max_pairs},
                            {"target_sdc_relative", campaign.target_sdc_relative},
                            {"target_vulnerability", campaign.target_vulnerability},
                            {"margin", campaign.margin},
                            {"recheck_fraction", campaign.recheck_fraction},
                            {"include_input", campaign.space.include_input},
                            {"part", hardware.part.name},
                            {"cost_source", source},
                            {"cycle_model", hw::cost::to_string(hardware.cycle_model)}};
  // Only what is not the default: studies of stored activations keep the key that they had.
  if (campaign.space.targets != fault::FaultSpaceParams{}.targets) {
    for (const fault::Target target : campaign.space.targets) {
      options["targets"].push_back(fault::to_string(target));
    }
  }
  if (class_sizes.size() > 1) options["image_class_sizes"] = class_sizes;
  return options.dump();
}

// Those of the campaigns; empty where images are not told apart.
std::vector<std::uint32_t> class_sizes(const model::Int8Model& model, std::size_t num_images,
                                       const ExploreParams& params) {
  const fault::CampaignParams& campaign = params.campaign;
  if (campaign.sampling != fault::Sampling::kStratified) return {};
  const std::size_t num_classes =
      fault::num_image_classes(fault::FaultSpace(model, campaign.space), num_images, campaign);
  const std::vector<std::uint32_t> bounds =
      fault::image_class_bounds(static_cast<std::uint32_t>(num_images), num_classes);
  std::vector<std::uint32_t> sizes;
  for (std::size_t c = 0; c < num_classes; ++c) sizes.push_back(bounds[c + 1] - bounds[c]);
  return sizes;
}

// The same pixels preprocessed in another way are other images.
std::string data_key(const std::string& data_set, std::span<const std::int8_t> images,
                     std::span<const int> labels) {
  base::Sha256 hash;
  hash.add(data_set).add("\n").add(std::as_bytes(images));
  for (const int label : labels) hash.add(fmt::format("{}\n", label));
  return hash.hex();
}

std::vector<store::LayerInfo> layers_of(const model::Int8Model& model) {
  const std::vector<int> storing = model::storing_nodes(model);
  std::vector<store::LayerInfo> layers;
  for (int i = 1; i < static_cast<int>(model.nodes.size()); ++i) {
    const model::Int8Node& node = model.nodes[static_cast<std::size_t>(i)];
    store::LayerInfo& layer = layers.emplace_back();
    layer.name = node.name;
    layer.kind = model::op_name(node.op);
    layer.computing = model::is_computing(node.op);
    layer.stores_tensor = std::find(storing.begin(), storing.end(), i) != storing.end();
    layer.elements = static_cast<std::int64_t>(model::num_elements(node.shape));
    layer.macs = model::num_macs(model, i);
  }
  return layers;
}

// A study has room for eight bits of an element.
std::vector<store::TensorInfo> tensors_of(const model::Int8Model& model,
                                          const fault::FaultSpaceParams& params) {
  const fault::FaultSpace space(model, params);
  std::vector<store::TensorInfo> tensors;
  for (const fault::FaultTensor& tensor : space.tensors()) {
    if (tensor.bits != 8) throw std::invalid_argument("explore: a target that is no 8-bit code");
    const bool is_default = tensor.target == fault::Target::kActivation;
    const std::string kind = is_default ? "" : " " + std::string(fault::to_string(tensor.target));
    tensors.push_back({tensor.name + kind, static_cast<std::int64_t>(tensor.elements)});
  }
  return tensors;
}

store::CostRecord make_cost_record(const hw::cost::CostReport& report, std::string baseline) {
  store::CostRecord record;
  record.cycles = report.cycles;
  record.cycles_source = report.cycles_source();
  record.cycles_engine = report.cycles_engine;
  record.lut = report.total.luts;
  record.ff = report.total.ffs;
  record.dsp = report.total.dsps;
  record.bram = report.total.bram_36kb;
  record.utilization_fraction = report.utilization_fraction;
  record.baseline = std::move(baseline);
  record.source = report.sources.lut;
  return record;
}

// Where the figures come from, each variant's statement once.
std::string cost_sources(const engine::Assignment& exact, const Estimators& estimators) {
  std::vector<std::string> texts;
  for (const auto& estimator : estimators) {
    const hw::cost::CostSources sources = estimator->report(pointers(exact)).sources;
    std::string text =
        fmt::format("LUT: {}; FF: {}; DSP: {}; BRAM: {}; utilization: {}", sources.lut, sources.ff,
                    sources.dsp, sources.bram, sources.utilization);
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  return base::join(texts, " | ");
}

// Of each hardware once, whatever baselines its points have.
std::vector<store::ReferenceCost> references_of(const engine::Assignment& exact,
                                                const Estimators& estimators) {
  std::vector<store::ReferenceCost> references;
  for (const auto& estimator : estimators) {
    const store::Hardware hardware = hardware_of(estimator->params(), exact.multipliers.size());
    if (std::ranges::find(references, hardware, &store::ReferenceCost::hardware) !=
        references.end()) {
      continue;
    }
    const std::int64_t cycles = estimator->figures(pointers(exact)).cycles;
    for (const hw::cost::Reference& reference : estimator->references()) {
      references.push_back({.baseline = std::string(hw::cost::to_string(reference.baseline)),
                            .lut = reference.total.luts,
                            .ff = reference.total.ffs,
                            .dsp = static_cast<double>(reference.total.dsps),
                            .bram = reference.total.bram_36kb,
                            .utilization_fraction = reference.utilization_fraction,
                            .hardware = hardware,
                            .cycles = cycles});
    }
  }
  return references;
}

bool is_pipelined(const hw::cost::HardwareParams& hardware) {
  return hardware.schedule == hw::design::ImageSchedule::kPipelined;
}

// "exact", the one multiplier used, or "mixed".
std::string multiplier_label(const engine::Assignment& assignment) {
  std::string label = "exact";
  for (const arith::MultiplierPtr& m : assignment.multipliers) {
    if (m->multiplier.is_exact() || m->name == label) continue;
    if (label != "exact") return "mixed";
    label = m->name;
  }
  return label;
}

}  // namespace

store::StudyInfo make_info(const engine::Int8Engine& engine, std::span<const std::int8_t> images,
                           std::span<const int> labels, const ExploreParams& params,
                           const Estimators& estimators) {
  const model::Int8Model& model = engine.model();
  const hw::cost::HardwareParams& hardware = estimators.front()->params();
  const engine::Assignment exact = engine::exact_assignment(model);
  store::StudyInfo info;
  info.program_version = params.program_version;
  info.model_name = params.model_name.empty() ? model.name : params.model_name;
  info.model_key = model::content_key(model);
  info.data_name = params.data_name;
  info.data_key = data_key(params.data_key, images, labels);
  info.num_images = static_cast<std::int64_t>(labels.size());
  info.seed = params.campaign.seed;
  info.options = canonical_options(params.campaign, class_sizes(model, labels.size(), params),
                                   hardware, estimators.front()->source().name());
  info.hardware_models = fmt::format(
      "{}, cycles {}, clock {}, energy {}", estimators.front()->source().version(),
      hw::cost::kCycleModelVersion, hw::timing::kClockModelVersion, hw::power::kPowerModelVersion);
  info.cost_source = cost_sources(exact, estimators);
  info.references = references_of(exact, estimators);
  info.layers = layers_of(model);
  info.tensors = tensors_of(model, params.campaign.space);
  info.exact_key = measurement_key(info, exact);
  return info;
}

std::string measurement_key(const store::StudyInfo& info, const engine::Assignment& assignment) {
  base::Sha256 hash;
  hash.add(fmt::format("deepaxe measurement 1\n{}\n{}\n{}\n{}\n{}\n", info.model_key, info.data_key,
                       info.num_images, info.seed, info.options));
  for (const arith::MultiplierPtr& m : assignment.multipliers) {
    hash.add(m->multiplier.identity()).add("\n");
  }
  return hash.hex();
}

store::Hardware hardware_of(const hw::cost::HardwareParams& params, std::size_t num_layers) {
  store::Hardware hardware{.outputs = params.outputs_of_layers(num_layers),
                           .memory = std::string(hw::cost::to_string(params.memory)),
                           .schedule = std::string(hw::cost::to_string(params.schedule))};
  for (const bool is_external : params.external_layers(num_layers)) {
    hardware.weight_memory.emplace_back(is_external ? "external" : "rom");
  }
  return hardware;
}

std::string baseline_of(const engine::Assignment& assignment, hw::cost::Baseline baseline) {
  const bool has_exact =
      std::ranges::any_of(assignment.multipliers,
                          [](const arith::MultiplierPtr& m) { return m->multiplier.is_exact(); });
  return has_exact ? std::string(hw::cost::to_string(baseline)) : store::kNoBaseline;
}

std::string point_key(const std::string& measurement, const store::Hardware& hardware,
                      std::string_view baseline) {
  base::Sha256 hash;
  hash.add(fmt::format("deepaxe point 3\n{}\n{}\n{}\n{}\n{}\n{}\n", measurement,
                       fmt::join(hardware.outputs, ","), baseline, hardware.memory,
                       hardware.schedule, fmt::join(hardware.weight_memory, ",")));
  return hash.hex();
}

std::vector<hw::cost::HardwareParams> resolve_hardware(const model::Int8Model& model,
                                                       const DesignSpace& space, Variants wanted) {
  const std::size_t num_layers = space.designs.front().choices.size();
  const hw::cost::PaperLaw law(model);
  const bool is_defined =
      std::ranges::all_of(space.choices,
                          [&](const arith::MultiplierPtr& choice) {
                            const std::vector<const arith::NamedMultiplier*> everywhere(
                                num_layers, choice.get());
                            return law.cycles(everywhere).has_value();
                          }) &&
      std::ranges::all_of(wanted, [&](const hw::cost::HardwareParams& hardware) {
        return !is_pipelined(hardware) &&
               std::ranges::all_of(hardware.outputs_of_layers(num_layers),
                                   [](int n) { return n == 1; });
      });
  std::vector<hw::cost::HardwareParams> resolved(wanted.begin(), wanted.end());
  if (is_defined) return resolved;
  const auto fallback = std::ranges::any_of(wanted, is_pipelined) ? hw::cost::CycleModel::kInterval
                                                                  : hw::cost::CycleModel::kEngine;
  for (auto& hardware : resolved) {
    if (hardware.cycle_model == hw::cost::CycleModel::kPaper) hardware.cycle_model = fallback;
  }
  return resolved;
}

std::vector<const arith::NamedMultiplier*> pointers(const engine::Assignment& assignment) {
  std::vector<const arith::NamedMultiplier*> multipliers;
  multipliers.reserve(assignment.multipliers.size());
  for (const arith::MultiplierPtr& m : assignment.multipliers) multipliers.push_back(m.get());
  return multipliers;
}

Estimators make_estimators(
    const model::Int8Model& model, Variants variants,
    const std::vector<std::shared_ptr<const hw::cost::ResourceSource>>& sources) {
  Estimators estimators;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    estimators.push_back(std::make_unique<const hw::cost::Estimator>(
        model, variants[v], sources.empty() ? nullptr : sources.at(v)));
  }
  return estimators;
}

store::PointRecord make_point(const model::Int8Model& model, const store::StudyInfo& info,
                              const DesignSpace& space, const Design& design,
                              const hw::cost::Estimator& estimator) {
  const engine::Assignment assignment = space.assignment(design);
  store::PointRecord point;
  point.measurement = measurement_key(info, assignment);
  point.hardware = hardware_of(estimator.params(), assignment.multipliers.size());
  std::string baseline = baseline_of(assignment, estimator.params().baseline);
  point.key = point_key(point.measurement, point.hardware, baseline);
  point.assignment = engine::to_string(assignment, model);
  point.mask = engine::mask_of(assignment, model);
  point.multiplier = multiplier_label(assignment);
  point.aliases = design.aliases;
  point.cost = make_cost_record(estimator.report(pointers(assignment)), std::move(baseline));
  return point;
}

store::FaultRecord make_fault_record(const fault::CampaignResult& result) {
  store::FaultRecord record;
  record.counts = result.total.counts;
  record.pairs = result.total.pairs();
  record.faults = result.num_faults;
  record.sdc_rate = result.sdc_rate;
  record.vulnerability = result.vulnerability;
  record.sdc_low = result.sdc_interval.low;
  record.sdc_high = result.sdc_interval.high;
  record.vulnerability_low = result.vulnerability_interval.low;
  record.vulnerability_high = result.vulnerability_interval.high;
  record.method = result.method;
  record.stop_reason = result.stop_reason;
  record.rechecked = result.rechecked;
  record.seconds = result.seconds;
  for (const fault::ClassChange& change : result.changes) {
    record.changes.push_back({change.pair, static_cast<store::Outcome>(change.outcome)});
  }
  std::sort(record.changes.begin(), record.changes.end(),
            [](const auto& a, const auto& b) { return a.pair < b.pair; });
  for (const fault::OutcomeCounts& counts : result.by_stratum) {
    record.by_tensor_bit.push_back(counts.counts);
  }
  return record;
}

}  // namespace deepaxe::explore
