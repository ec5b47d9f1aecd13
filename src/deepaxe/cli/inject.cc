// deepaxe inject: a fault campaign of one configuration.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/progress.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/fault_records.h"
#include "deepaxe/cli/inject_options.h"
#include "deepaxe/cli/inject_report.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_list.h"
#include "deepaxe/fault/plan.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostListBytes = std::size_t{256} << 20;

void print_plan(const InjectArguments& arguments, const model::Int8Model& model,
                const CommonOptions& common) {
  const fault::SamplePlan plan = fault::plan_samples(
      model, arguments.campaign.include_input, arguments.plan_margin, arguments.plan_confidence);
  if (common.json) {
    Json papers;
    for (const fault::PaperSample& paper : fault::kPaperSamples) {
      papers[std::string(paper.network)] = paper.num_faults;
    }
    const Json json = {
        {"population", plan.population}, {"population_flatten_twice", plan.paper_population},
        {"margin", plan.margin},         {"confidence", plan.confidence},
        {"leveugle", plan.leveugle},     {"paper_rule", plan.paper_rule},
        {"paper_used", papers}};
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("fault space               {} single bit flips of stored activations\n",
             plan.population);
  fmt::print(
      "Leveugle's number         {} faults (margin {:.4g} %, confidence {:.4g} %, p = 0.5)\n",
      plan.leveugle, 100 * plan.margin, 100 * plan.confidence);
  fmt::print(
      "the paper's rule          {} faults: a tenth of it, for {} faults with flatten "
      "counted again\n",
      plan.paper_rule, plan.paper_population);
  fmt::print(
      "                          (it gives the paper's number for LeNet-5 alone; take "
      "--faults N for the others)\n");
  for (const fault::PaperSample& paper : fault::kPaperSamples) {
    fmt::print("the paper used            {} faults for its {}\n", paper.num_faults, paper.network);
  }
}

void require_faults(const fault::FaultSpace& space) {
  if (space.size() > 0) return;
  throw base::InputError({"--target", "", "no place for such a fault",
                          "for multiplier_net: multipliers that have a netlist"});
}

fault::CampaignResult run_with_progress(const engine::Int8Engine& engine,
                                        const engine::Assignment& assignment, const Work& work,
                                        const fault::FaultSpace& space,
                                        fault::CampaignParams params, const CommonOptions& common) {
  const std::uint64_t images = work.labels.size();
  std::uint64_t total = params.max_pairs;
  if (params.sampling == fault::Sampling::kCensus) total = space.size() * images;
  if (params.sampling == fault::Sampling::kCommonFaults) total = params.num_faults * images;
  if (params.sampling == fault::Sampling::kFaultList) total = params.fault_list.size() * images;
  print_budget(params, common);
  base::Progress progress("inject", total, "pairs", common.quiet);
  params.progress = [&progress](std::uint64_t pairs) { progress.add(pairs); };
  return fault::run_campaign(engine, assignment, work.codes, work.labels, params);
}

// What the paper's protocol is compared with: the automatic plan with the same budget.
fault::CampaignParams unbiased(const InjectArguments& arguments, const Work& work,
                               const CommonOptions& common) {
  CampaignArguments campaign = arguments.campaign;
  campaign.protocol = campaign.faults = "auto";
  return to_params(campaign, work.model, work.labels.size(), common,
                   to_space_params(arguments.target));
}

// The campaign asked for, and the faults of a list where one is given.
fault::CampaignParams campaign_params(const InjectArguments& arguments, const Work& work,
                                      const engine::Assignment& assignment,
                                      const CommonOptions& common) {
  const std::string& file = arguments.target.list;
  fault::FaultSpaceParams hit = to_space_params(arguments.target);
  std::vector<std::byte> bytes;
  if (!file.empty()) bytes = base::read_file(file, kMostListBytes);
  const std::string_view list(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!file.empty()) {
    hit = fault::params_of_list(list, file, work.model.nodes.front().name);
    hit.parallel_outputs = static_cast<int>(arguments.target.parallel_outputs);
  }
  hit = fault::space_for(hit, assignment);
  CampaignArguments campaign = arguments.campaign;
  campaign.include_input = campaign.include_input || hit.include_input;
  fault::CampaignParams params = to_params(campaign, work.model, work.labels.size(), common, hit);
  if (file.empty()) return params;
  const fault::FaultSpace space(work.model, params.space);
  params.fault_list = fault::find_faults(list, space, file);
  params.sampling = fault::Sampling::kFaultList;
  return params;
}

void run(const CLI::App& command, const InjectArguments& arguments, const CommonOptions& common) {
  refuse_idle_options(command, arguments, common.json);
  base::require_writable(arguments.csv);
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  if (arguments.plan) {
    print_plan(arguments, engine.model(), common);
    return;
  }
  const engine::Assignment assignment =
      engine::parse_assignment(arguments.assignment, engine.model());
  fault::CampaignParams params = campaign_params(arguments, work, assignment, common);
  const fault::FaultSpace space(engine.model(), params.space);
  require_faults(space);
  refuse_idle_options(command, arguments, space, params.sampling);
  params.measure_margin = arguments.margin_loss;
  FaultRecords records(space, {.csv = arguments.csv,
                               .margin_loss = arguments.margin_loss,
                               .critical_share = arguments.critical_percent / 100,
                               .top = arguments.top,
                               .maps = arguments.maps});
  if (!arguments.csv.empty() || arguments.maps || tries_whole_faults(params.sampling)) {
    params.on_fault = [&records](const fault::FaultCounts& fault) { records.add(fault); };
  }
  InjectReport report = {.model = engine.model(),
                         .space = space,
                         .assignment = engine::to_string(assignment, engine.model()),
                         .sampling = params.sampling,
                         .critical_share = arguments.critical_percent / 100,
                         .top = arguments.top,
                         .records = records,
                         .preprocessing = work.preprocessing,
                         .calibration = work.calibration,
                         .fit = {},
                         .result = {},
                         .unbiased = {}};
  if (arguments.fit_per_mbit > 0) {
    report.fit = fault::FitParams{arguments.fit_per_mbit,
                                  residencies(arguments.residency, engine.model(), space,
                                              static_cast<int>(arguments.target.parallel_outputs))};
  }
  report.result = run_with_progress(engine, assignment, work, space, params, common);
  if (params.sampling == fault::Sampling::kDeepaxe2023) {
    report.unbiased = run_with_progress(engine, assignment, work, space,
                                        unbiased(arguments, work, common), common);
  }
  warn_if_near_chance(report.result.golden_correct, report.result.images, engine.num_classes(),
                      work.preprocessing, common);
  records.finish();
  fmt::print("{}", common.json ? inject_json(report) : inject_text(report));
}

}  // namespace

void add_inject(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("inject", "Fault campaign of one configuration");
  const auto a = std::make_shared<InjectArguments>();
  add_inject_options(*command, *a);
  finish_command(*command, selection,
                 [command, &selection, a] { run(*command, *a, selection.common); });
}

}  // namespace deepaxe::cli
