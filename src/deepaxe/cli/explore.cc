// deepaxe explore: the design space, its Pareto set, and a study that continues where it was.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/campaign_options.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/exploration.h"
#include "deepaxe/cli/fault_target_options.h"
#include "deepaxe/cli/hardware_space_options.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/cli/study_view.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/report/html.h"
#include "deepaxe/report/study_table.h"
#include "deepaxe/report/tables.h"

namespace deepaxe::cli {
namespace {

struct ExploreArguments {
  WorkArguments work;
  HardwareSpaceArguments hardware;
  std::string multipliers = "1KV8,1KV9,1KVP";
  bool mixed = false;
  std::vector<std::string> assignments;
  std::string study;
  std::vector<std::string> objectives;
  bool no_faults = false;
  CampaignArguments campaign;
  std::string targets = "activation";
  std::optional<double> max_drop_points;
  std::optional<double> max_vulnerability_points;
  std::optional<std::int64_t> max_cycles;
  std::optional<double> max_utilization_percent;
  std::string html;
  std::string csv;
  bool all = false;
};

std::optional<double> from_percent(const std::optional<double>& percent) {
  if (!percent) return std::nullopt;
  return *percent / 100;
}

explore::DesignSpaceParams space_params(const ExploreArguments& arguments,
                                        const model::Int8Model& model) {
  explore::DesignSpaceParams space;
  space.mixed = arguments.mixed;
  for (const std::string_view name : base::split_items(arguments.multipliers)) {
    space.multipliers.push_back(arith::find_multiplier(name));
  }
  for (const std::string& text : arguments.assignments) {
    space.assignments.push_back(engine::parse_assignment(text, model));
  }
  return space;
}

// An import may have no cost: better said now than after the first campaign.
void require_known_costs(const explore::DesignSpaceParams& space, hw::cost::Baseline baseline) {
  const auto require = [&](const arith::MultiplierPtr& multiplier) {
    hw::cost::multiplier_luts(*multiplier, baseline);
  };
  std::ranges::for_each(space.multipliers, require);
  for (const engine::Assignment& assignment : space.assignments) {
    std::ranges::for_each(assignment.multipliers, require);
  }
}

// Codes of eight bits: what a study has room for.
fault::FaultSpaceParams to_code_space(const std::string& targets) {
  FaultTargetArguments arguments;
  arguments.targets = targets;
  fault::FaultSpaceParams params = to_space_params(arguments);
  std::ranges::sort(params.targets);  // A study is the same in whatever order they are given.
  for (const fault::Target target : params.targets) {
    if (target == fault::Target::kActivation || target == fault::Target::kWeight) continue;
    throw base::InputError({"--target", "", std::string(fault::to_string(target)),
                            "activation, weight or both; deepaxe inject knows the others"});
  }
  return params;
}

explore::ExploreParams explore_params(const ExploreArguments& arguments, const Work& work,
                                      const CommonOptions& common) {
  explore::ExploreParams params;
  params.study = arguments.study.empty() ? work.model_name + ".study.sqlite" : arguments.study;
  params.space = space_params(arguments, work.model);
  params.gates = {.max_drop = from_percent(arguments.max_drop_points),
                  .max_cycles = arguments.max_cycles,
                  .max_utilization = from_percent(arguments.max_utilization_percent),
                  .max_vulnerability = from_percent(arguments.max_vulnerability_points)};
  params.inject = !arguments.no_faults;
  params.campaign = to_params(arguments.campaign, work.model, work.labels.size(), common,
                              to_code_space(arguments.targets));
  params.hardware = to_variants(arguments.hardware, work.model);
  if (!arguments.hardware.part.empty()) params.gates.part = params.hardware.front().part;
  for (const hw::cost::HardwareParams& hardware : params.hardware) {
    params.resources.push_back(
        make_resource_source(arguments.hardware.source, hardware, work.model));
    require_known_costs(params.space, hardware.baseline);
  }
  params.objectives = parse_objectives(arguments.objectives);
  if (!params.inject &&
      std::any_of(params.objectives.begin(), params.objectives.end(), explore::is_sampled)) {
    throw base::InputError({"--objectives", "", "sdc or vulnerability with --no-faults",
                            "accuracy_drop, cycles, resources"});
  }
  return params;
}

// A study is of one campaign, whether it is run in this call or in a later one.
void remark_campaign_of_later_calls(const CLI::App& command, const CommonOptions& common) {
  for (const char* const option :
       {"--faults", "--protocol", "--pairs", "--sdc-margin", "--vulnerability-margin", "--margin",
        "--recheck", "--include-input", "--target"}) {
    if (!is_given(command, option)) continue;
    remark(common,
           fmt::format("{} with --no-faults: kept in the study, for a call with faults", option));
  }
}

void refuse_idle_options(const CLI::App& command, const ExploreArguments& arguments) {
  refuse_idle_source_options(command, arguments.hardware.source);
  refuse_idle_campaign_options(command, arguments.campaign);
  if (arguments.campaign.protocol == "deepaxe2023") {
    refuse_idle(command, {"--pairs", "--sdc-margin", "--vulnerability-margin", "--margin"},
                "--protocol deepaxe2023", "another one: it tries --faults N, no more and no fewer");
  }
  if (arguments.targets.find("activation") == std::string::npos) {
    refuse_idle(command, {"--include-input"}, "--target " + arguments.targets,
                "activation among the targets");
  }
  if (arguments.no_faults) {
    refuse_idle(command, {"--max-vulnerability"}, "--no-faults",
                "a call with faults: without them no vulnerability is known");
  }
}

void run(const CLI::App& command, const ExploreArguments& arguments, const CommonOptions& common) {
  refuse_idle_options(command, arguments);
  if (arguments.no_faults) remark_campaign_of_later_calls(command, common);
  base::require_writable(arguments.html);
  base::require_writable(arguments.csv);
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  explore::ExploreParams params = explore_params(arguments, work, common);
  params.on_open = [&params, &common] {
    if (params.inject) print_budget(params.campaign, common);
  };
  warn_if_implausible(engine, work, common);
  run_exploration(engine, work, params, common);
  const report::StudyTable table = load_study_table(params.study, arguments.objectives);
  if (!arguments.html.empty()) {
    base::write_file_atomically(arguments.html, report::html_page(table));
  }
  if (!arguments.csv.empty()) {
    base::write_file_atomically(arguments.csv, report::csv_table(table));
  }
  if (common.json) {
    fmt::print("{}", report::json_table(table));
    return;
  }
  fmt::print("{}",
             report::text_table(table, arguments.all ? report::Rows::kAll : report::Rows::kFront));
  fmt::print("Input: {}.{}\nStudy: {}\n", work.preprocessing,
             work.calibration.empty() ? "" : " Calibration: " + work.calibration + ".",
             params.study.string());
  if (!params.inject) return;
  fmt::print("Confirm a row: deepaxe inject {} --data {} --assign ... with the options above\n",
             arguments.work.model, arguments.work.data);
}

void add_gate_options(CLI::App& command, ExploreArguments& a) {
  command
      .add_option("--max-drop", a.max_drop_points,
                  "Gate: accuracy drop, percentage points; what fails is not injected")
      ->check(kFinite);
  command
      .add_option("--max-vulnerability", a.max_vulnerability_points,
                  "Gate: fault vulnerability, percentage points")
      ->check(kFinite);
  command.add_option("--max-cycles", a.max_cycles, "Gate: cycles per image");
  command
      .add_option("--max-utilization", a.max_utilization_percent,
                  "Gate: percent of the FF + LUT of the part (xc7s100 without --part)")
      ->check(kFinite);
}

void add_fault_options(CLI::App& command, ExploreArguments& a) {
  command.add_flag("--no-faults", a.no_faults,
                   "Accuracy and cost only; the options of campaigns below are then those that the "
                   "study will have in a call with faults");
  add_campaign_options(command, a.campaign);
  command
      .add_option("--target", a.targets,
                  "What faults flip: activation, weight, or activation,weight")
      ->capture_default_str();
}

}  // namespace

void add_explore(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("explore", "The design space and its Pareto set; resumes by itself");
  const auto a = std::make_shared<ExploreArguments>();
  add_model_options(*command, a->work);
  add_data_options(*command, a->work);
  add_hardware_space_options(*command, a->hardware);
  command
      ->add_option("--multipliers", a->multipliers,
                   "Approximate multipliers, by commas; every subset of the computing layers takes "
                   "each")
      ->capture_default_str();
  command->add_flag("--mixed", a->mixed, "Every layer takes any of them: (M+1)^n designs");
  command
      ->add_option("--assign", a->assignments,
                   "Only these designs and the exact one (may be repeated)")
      ->allow_extra_args(false)
      ->excludes("--multipliers")
      ->excludes("--mixed");
  command->add_option("--study", a->study,
                      "Study file, made or continued (default: MODEL.study.sqlite here)");
  add_objectives_option(*command, a->objectives);
  add_fault_options(*command, *a);
  add_gate_options(*command, *a);
  command->add_option("--html", a->html, "Write the report page too");
  command->add_option("--csv", a->csv, "Write all designs as CSV too");
  command->add_flag("--all", a->all,
                    "Print all designs, not the Pareto set alone (JSON has all anyway)");
  finish_command(*command, selection,
                 [command, &selection, a] { run(*command, *a, selection.common); });
}

}  // namespace deepaxe::cli
