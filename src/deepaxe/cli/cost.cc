// deepaxe cost: hardware figures of one design point, each with its source.
#include "deepaxe/hw/cost/cost.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/cli/accelerator.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CostArguments {
  WorkArguments work;
  HardwareArguments hardware;
  std::string assignment = "exact";
};

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
  Json json = {{"assignment", assignment},
               {"parallel_outputs", params.layer_outputs},
               {"baseline", hw::cost::to_string(params.baseline)},
               {"cycles", report.cycles},
               {"cycle_model", hw::cost::to_string(report.used_cycle_model)},
               {"cycles_engine", report.cycles_engine},
               {"microseconds", report.microseconds},
               {"lut", report.total.luts},
               {"ff", report.total.ffs},
               {"dsp", report.total.dsps},
               {"bram", report.total.bram_36kb},
               {"utilization", report.utilization_fraction},
               {"part", params.part.name},
               {"fits", report.shortages.empty()},
               {"shortages", shortages},
               {"layers", layers},
               {"sources",
                {{"cycles_paper", report.sources.cycles_paper},
                 {"cycles_engine", report.sources.cycles_engine},
                 {"microseconds", report.sources.microseconds},
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

void print_text(const hw::cost::CostReport& report, const hw::cost::HardwareParams& params,
                const std::string& assignment) {
  fmt::print("{}, {} in parallel, exact multipliers: {}\n\n", assignment,
             hw::cost::describe_outputs(params.layer_outputs),
             hw::cost::to_string(params.baseline));
  fmt::print("{:<20} {:<10} {:>12} {:>9} {:>9} {:>6} {:>7}\n", "layer", "multiplier",
             "engine cycles", "LUT", "FF", "DSP", "BRAM");
  for (const hw::cost::LayerCost& layer : report.layers) {
    if (layer.multiplier.empty()) {  // Its logic is not modelled: no zero that looks measured.
      fmt::print("{:<20} {:<10} {:>13} {:>9} {:>9} {:>6} {:>7.1f}\n", layer.layer, "",
                 layer.cycles_engine, "-", "-", "-", layer.resources.bram_36kb);
      continue;
    }
    fmt::print("{:<20} {:<10} {:>13} {:>9.1f} {:>9.1f} {:>6} {:>7.1f}\n", layer.layer,
               layer.multiplier, layer.cycles_engine, layer.resources.luts, layer.resources.ffs,
               layer.resources.dsps, layer.resources.bram_36kb);
  }
  fmt::print("{:<20} {:<10} {:>13} {:>9.1f} {:>9.1f} {:>6} {:>7.1f}\n\n", "total", "",
             report.cycles_engine, report.total.luts, report.total.ffs, report.total.dsps,
             report.total.bram_36kb);
  fmt::print("cycles       {} ({} model): {}\n", report.cycles,
             hw::cost::to_string(report.used_cycle_model),
             report.used_cycle_model == hw::cost::CycleModel::kPaper
                 ? report.sources.cycles_paper
                 : report.sources.cycles_engine);
  if (!report.cycles_paper) fmt::print("paper's law  {}\n", report.sources.cycles_paper);
  fmt::print("time         {:.2f} us: {}\n", report.microseconds, report.sources.microseconds);
  fmt::print("LUT          {:.0f}: {}\nFF           {:.0f}: {}\n", report.total.luts,
             report.sources.lut, report.total.ffs, report.sources.ff);
  fmt::print("DSP          {}: {}\nBRAM         {:.1f}: {}\n", report.total.dsps,
             report.sources.dsp, report.total.bram_36kb, report.sources.bram);
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

void run(const CostArguments& arguments, const CommonOptions& common) {
  const Network network = read_network(arguments.work);
  const model::Int8Model model =
      network.int8_model
          ? *network.int8_model
          : quantize_network(network.as_float(), arguments.work, common).quantization.model;
  const engine::Assignment assignment = engine::parse_assignment(arguments.assignment, model);
  const hw::cost::HardwareParams params = to_params(arguments.hardware, model);
  const hw::cost::CostReport report =
      hw::cost::estimate_cost(model, multipliers_of(assignment), params);
  const std::string name = engine::to_string(assignment, model);
  if (common.json) {
    fmt::print("{}\n", report_json(report, params, name).dump(2));
  } else {
    print_text(report, params, name);
  }
}

}  // namespace

void add_cost(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("cost", "Hardware figures of one design point, with their sources");
  const auto a = std::make_shared<CostArguments>();
  add_model_options(*command, a->work);
  command->add_option("--data", a->work.data, "Images that set the ranges of a float network");
  command->add_option("--input", a->work.input, "Their preprocessing, as for evaluate")
      ->capture_default_str();
  add_quantization_options(*command, a->work.quantization);
  add_hardware_options(*command, a->hardware);
  command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
