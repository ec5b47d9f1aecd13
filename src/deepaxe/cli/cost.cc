// deepaxe cost: hardware figures of one design point, each with its source.
#include "deepaxe/hw/cost/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/physical_estimates.h"
#include "deepaxe/cli/vendor_cost.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/hw/cost/estimator.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CostArguments {
  WorkArguments work;
  HardwareArguments hardware;
  std::string assignment = "exact";
  double clock_mhz = hw::cost::kClockMhz;
};

Json resources_json(const hw::cost::Resources& resources) {
  return {{"lut", resources.luts},
          {"ff", resources.ffs},
          {"dsp", resources.dsps},
          {"bram", resources.bram_36kb}};
}

Json references_json(const hw::cost::CostReport& report) {
  Json references = Json::array();
  for (const hw::cost::Reference& each : report.references) {
    Json json = resources_json(each.total);
    json["baseline"] = hw::cost::to_string(each.baseline);
    json["utilization"] = each.utilization_fraction;
    json["needs_no_more"] = each.needs_no_more_than(report.total);
    references.push_back(json);
  }
  return references;
}

Json report_json(const hw::cost::CostReport& report, const hw::cost::HardwareParams& params,
                 const std::string& assignment) {
  Json layers = Json::array();
  for (const hw::cost::LayerCost& layer : report.layers) {
    layers.push_back({{"layer", layer.layer},
                      {"multiplier", layer.multiplier},
                      {"cycles_engine", layer.cycles_engine},
                      {"lut", layer.resources.luts},
                      {"ff", layer.resources.ffs},
                      {"dsp", layer.resources.dsps},
                      {"bram", layer.resources.bram_36kb}});
  }
  Json shortages = Json::array();
  for (const hw::cost::Shortage& each : report.shortages) {
    shortages.push_back({{"resource", each.resource}, {"need", each.need}, {"limit", each.limit}});
  }
  const hw::cost::WeightBandwidth& weights = report.weights;
  Json json = {{"assignment", assignment},
               {"parallel_outputs", params.layer_outputs},
               {"baseline", hw::cost::to_string(params.baseline)},
               {"memory", hw::cost::to_string(params.memory)},
               {"cycles", report.cycles},
               {"cycle_model", hw::cost::to_string(report.used_cycle_model)},
               {"cycles_engine", report.cycles_engine},
               {"microseconds", report.microseconds},
               {"schedule", hw::cost::to_string(params.schedule)},
               {"interval_cycles", report.interval_cycles},
               {"images_per_second", report.images_per_second},
               {"clock_mhz", report.clock_mhz},
               {"external_weights",
                {{"bytes_per_image", weights.bytes_per_image},
                 {"mean_bytes_per_cycle", weights.mean_bytes_per_cycle},
                 {"most_bytes_per_cycle", weights.most_bytes_per_cycle},
                 {"mean_bytes_per_second", weights.mean_bytes_per_second(report.clock_mhz)},
                 {"most_bytes_per_second", weights.most_bytes_per_second(report.clock_mhz)}}},
               {"lut", report.total.luts},
               {"ff", report.total.ffs},
               {"dsp", report.total.dsps},
               {"bram", report.total.bram_36kb},
               {"source", report.source},
               {"low", resources_json(report.low)},
               {"high", resources_json(report.high)},
               {"exact_references", references_json(report)},
               {"utilization", report.utilization_fraction},
               {"part", params.part.name},
               {"fits", report.shortages.empty()},
               {"shortages", shortages},
               {"layers", layers},
               {"sources",
                {{"cycles_paper", report.sources.cycles_paper},
                 {"cycles_engine", report.sources.cycles_engine},
                 {"microseconds", report.sources.microseconds},
                 {"interval", report.sources.interval},
                 {"lut", report.sources.lut},
                 {"ff", report.sources.ff},
                 {"dsp", report.sources.dsp},
                 {"bram", report.sources.bram},
                 {"utilization", report.sources.utilization},
                 {"multiplier_energy", report.sources.multiplier_energy}}}};
  json["cycles_paper"] = report.cycles_paper ? Json(*report.cycles_paper) : Json();
  json["multiplier_energy_nj"] =
      report.multiplier_energy_nj ? Json(*report.multiplier_energy_nj) : Json();
  return json;
}

void print_row(const std::string& name, const std::string& cycles,
               const hw::cost::Resources& resources) {
  fmt::print("{:<20} {:<10} {:>13} {:>9.1f} {:>9.1f} {:>6} {:>7.1f}\n", name, "", cycles,
             resources.luts, resources.ffs, resources.dsps, resources.bram_36kb);
}

// First of all: what makes an approximate design pointless on this device.
void print_dominating_references(const hw::cost::CostReport& report,
                                 const engine::Assignment& assignment) {
  if (std::ranges::all_of(assignment.multipliers,
                          [](const auto& m) { return m->multiplier.is_exact(); })) {
    return;
  }
  for (const hw::cost::Reference& each : report.references) {
    if (!each.needs_no_more_than(report.total)) continue;
    fmt::print(
        "Exact multipliers on {0} need no more LUT + FF: {1:.0f} (row 'exact, {0}') against "
        "{2:.0f} "
        "(row 'total'), with {3} DSP against {4}.\n",
        hw::cost::to_string(each.baseline), each.total.luts + each.total.ffs,
        report.total.luts + report.total.ffs, each.total.dsps, report.total.dsps);
  }
}

void print_weights(const hw::cost::WeightBandwidth& weights, double clock_mhz) {
  if (weights.bytes_per_image == 0) return;
  fmt::print(
      "weights      from outside, {} bytes an image: {:.3f} bytes a cycle, {:.1f} MB/s at {:g} "
      "MHz; {} and {:.1f} at most\n",
      weights.bytes_per_image, weights.mean_bytes_per_cycle,
      weights.mean_bytes_per_second(clock_mhz) / 1e6, clock_mhz, weights.most_bytes_per_cycle,
      weights.most_bytes_per_second(clock_mhz) / 1e6);
}

void print_text(const hw::cost::CostReport& report, const hw::cost::HardwareParams& params,
                const std::string& assignment) {
  fmt::print("{}, {} in parallel, exact multipliers: {}, memories: {}\n\n", assignment,
             hw::cost::describe_outputs(params.layer_outputs), hw::cost::to_string(params.baseline),
             hw::cost::to_string(params.memory));
  fmt::print("{:<20} {:<10} {:>12} {:>9} {:>9} {:>6} {:>7}\n", "layer", "multiplier",
             "engine cycles", "LUT", "FF", "DSP", "BRAM");
  for (const hw::cost::LayerCost& layer : report.layers) {
    fmt::print("{:<20} {:<10} {:>13} {:>9.1f} {:>9.1f} {:>6} {:>7.1f}\n", layer.layer,
               layer.multiplier, layer.cycles_engine, layer.resources.luts, layer.resources.ffs,
               layer.resources.dsps, layer.resources.bram_36kb);
  }
  print_row("total", fmt::format("{}", report.cycles_engine), report.total);
  for (const hw::cost::Reference& each : report.references) {
    print_row(fmt::format("exact, {}", hw::cost::to_string(each.baseline)), "", each.total);
  }
  fmt::print("\n");
  fmt::print("cycles       {} ({} model): {}\n", report.cycles,
             hw::cost::to_string(report.used_cycle_model), report.cycles_source());
  if (!report.cycles_paper) fmt::print("paper's law  {}\n", report.sources.cycles_paper);
  fmt::print("time         {:.2f} us: {}\n", report.microseconds, report.sources.microseconds);
  fmt::print("interval     {} cycles, {:.1f} images/s ({}): {}\n", report.interval_cycles,
             report.images_per_second, hw::cost::to_string(params.schedule),
             report.sources.interval);
  print_weights(report.weights, report.clock_mhz);
  fmt::print("LUT          {:.0f} ({:.0f} to {:.0f}): {}\n", report.total.luts, report.low.luts,
             report.high.luts, report.sources.lut);
  fmt::print("FF           {:.0f} ({:.0f} to {:.0f}): {}\n", report.total.ffs, report.low.ffs,
             report.high.ffs, report.sources.ff);
  fmt::print("DSP          {} ({} to {}): {}\n", report.total.dsps, report.low.dsps,
             report.high.dsps, report.sources.dsp);
  fmt::print("BRAM         {:.1f} ({:.1f} to {:.1f}): {}\n", report.total.bram_36kb,
             report.low.bram_36kb, report.high.bram_36kb, report.sources.bram);
  fmt::print("utilization  {:.2f} %: {}\n", 100 * report.utilization_fraction,
             report.sources.utilization);
  const hw::cost::Part& part = params.part;
  if (report.shortages.empty()) {
    fmt::print(
        "part         {} can hold it: {:.1f} % of LUT, {:.1f} % of FF, {:.1f} % of DSP, "
        "{:.1f} % of BRAM\n",
        part.name, 100 * report.total.luts / part.luts, 100 * report.total.ffs / part.ffs,
        100.0 * report.total.dsps / part.dsps, 100 * report.total.bram_36kb / part.bram_36kb);
  } else {
    fmt::print("part         {} CANNOT hold it: {}\n", part.name,
               hw::cost::to_string(report.shortages));
  }
  if (report.multiplier_energy_nj) {
    fmt::print("energy       {:.1f} nJ in multipliers: {}\n", *report.multiplier_energy_nj,
               report.sources.multiplier_energy);
  }
}

// The int8 network, with images where there are any.
Work cost_work(const CLI::App& command, const WorkArguments& arguments,
               const CommonOptions& common) {
  if (!arguments.data.empty()) return prepare_work(arguments, common);
  Work work;
  const Network network = read_network(arguments);
  if (network.int8_model) {
    refuse_quantization_options(arguments);
    refuse_idle(command, {"--input"}, "an int8 model without images", "--data");
  }
  work.model = network.int8_model
                   ? *network.int8_model
                   : quantize_network(network.as_float(), arguments, common).quantization.model;
  return work;
}

void run(const CLI::App& command, const CostArguments& arguments, const CommonOptions& common) {
  constexpr std::string_view kVivado = "vivado:";
  if (const std::string& source = arguments.hardware.source.source; source.starts_with(kVivado)) {
    refuse_all_but(command, {"MODEL", "--source", "--part"}, "--source " + source,
                   "--source model or yosys: reports are of the design that they are of");
    const std::string folder = source.substr(kVivado.size());
    if (folder.empty()) {
      throw base::InputError({"--source", "", "'" + source + "' without a folder",
                              "vivado:FOLDER, a folder of reports of one design"});
    }
    const std::string& part = arguments.hardware.part;
    print_vendor_cost(folder, part.empty() ? nullptr : &hw::cost::find_part(part), common);
    return;
  }
  refuse_idle_source_options(command, arguments.hardware.source);
  const Work work = cost_work(command, arguments.work, common);
  const model::Int8Model& model = work.model;
  const engine::Assignment assignment = engine::parse_assignment(arguments.assignment, model);
  const hw::cost::HardwareParams params = to_params(arguments.hardware, model);
  const hw::cost::Estimator estimator(
      model, params, make_resource_source(arguments.hardware.source, params, model));
  const hw::cost::CostReport report =
      hw::cost::at_clock(estimator.report(multipliers_of(assignment)), arguments.clock_mhz);
  const PhysicalEstimates physical =
      estimate_physical(work.model, assignment, work.codes, estimator, arguments.clock_mhz);
  const std::string name = engine::to_string(assignment, model);
  if (common.json) {
    Json json = report_json(report, params, name);
    add_physical(json, model, physical);
    fmt::print("{}\n", json.dump(2));
  } else {
    print_dominating_references(report, assignment);
    print_text(report, params, name);
    fmt::print("\n{}", physical_text(model, physical));
  }
}

}  // namespace

void add_cost(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("cost", "Hardware figures of one design point, with their sources");
  const auto a = std::make_shared<CostArguments>();
  add_model_options(*command, a->work);
  command->add_option(
      "--data", a->work.data,
      "Images whose operands switch the multipliers (power is left out without any); "
      "they set the ranges of a float network, too");
  command->add_option("--input", a->work.input, "Their preprocessing, as for evaluate")
      ->capture_default_str();
  add_quantization_options(*command, a->work.quantization);
  add_hardware_options(*command, a->hardware,
                       "model (closed forms), yosys, or vivado:FOLDER (reports of one design)");
  command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  command
      ->add_option("--clock", a->clock_mhz,
                   "Clock in MHz that is asked for, and that time, rates and leakage are of")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 10000.0))
      ->check(kFinite);
  finish_command(*command, selection,
                 [command, &selection, a] { run(*command, *a, selection.common); });
}

}  // namespace deepaxe::cli
