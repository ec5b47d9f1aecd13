// deepaxe inject: a fault campaign of one configuration.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/progress.h"
#include "deepaxe/cli/campaign_options.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/fault_target_options.h"
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

struct InjectArguments {
  WorkArguments work;
  std::string assignment = "exact";
  CampaignArguments campaign;
  FaultTargetArguments target;
  std::string csv;
  std::int64_t top = 0;
  bool maps = false;
  double critical_percent = 1;
  double fit_per_mbit = 0;
  std::map<std::string, double> residency;
  bool plan = false;
  double plan_margin = 0.01;
  double plan_confidence = 0.95;
};

std::map<std::string, double> parse_shares(const std::vector<std::string>& items) {
  std::map<std::string, double> shares;
  for (const std::string& item : items) {
    const std::size_t equals = item.find('=');
    double share = 0;
    const char* const last = item.data() + item.size();
    const char* const first = equals == std::string::npos ? last : item.data() + equals + 1;
    const auto [end, error] = std::from_chars(first, last, share);
    if (error != std::errc() || end != last || !(share >= 0 && share <= 1)) {
      throw base::InputError(
          {"--residency", "", "'" + item + "'", "LAYER=SHARE with a share from 0 to 1"});
    }
    shares[item.substr(0, equals)] = share;
  }
  return shares;
}

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

std::vector<double> residencies(const InjectArguments& arguments, const fault::FaultSpace& space) {
  std::vector<double> residency(space.tensors().size(), 1.0);
  for (const auto& [layer, share] : arguments.residency) {
    const auto tensor = std::find_if(space.tensors().begin(), space.tensors().end(),
                                     [&](const fault::FaultTensor& t) { return t.name == layer; });
    if (tensor == space.tensors().end()) {
      throw base::InputError(
          {"--residency", layer, "no such stored tensor", "a layer of the fault space"});
    }
    for (std::size_t t = 0; t < residency.size(); ++t) {
      if (space.tensors()[t].name == layer) residency[t] = share;
    }
  }
  return residency;
}

void require_faults(const fault::FaultSpace& space) {
  if (space.size() > 0) return;
  throw base::InputError({"--target", "", "no place for such a fault",
                          "for multiplier_net: multipliers that have a netlist"});
}

void require_whole_faults(const InjectArguments& arguments, fault::Sampling sampling) {
  if (arguments.top == 0 || tries_whole_faults(sampling)) return;
  throw base::InputError({"--top", "", "fresh faults for every image",
                          "--faults N or all: a ranking needs each fault on all images"});
}

// A rate of upsets is one of memory cells that flip.
void require_stored_bits(const fault::FaultSpace& space) {
  for (const fault::FaultTensor& tensor : space.tensors()) {
    const bool is_stored = tensor.target != fault::Target::kAccumulator &&
                           tensor.target != fault::Target::kMacUnit &&
                           tensor.target != fault::Target::kMultiplierNet;
    if (is_stored && tensor.effect == fault::Effect::kFlip) continue;
    throw base::InputError(
        {"--fit-per-mbit", "",
         fmt::format("{} of {}", to_string(tensor.effect), to_string(tensor.target)),
         "flips of stored bits: activations, weights, biases, requantization"});
  }
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
  std::vector<fault::ListedFault> list;
  bool includes_input = false;
  if (!file.empty()) {
    const std::vector<std::byte> bytes = base::read_file(file, kMostListBytes);
    list =
        fault::parse_fault_list({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file);
    hit = fault::params_of(list);
    const std::string& image = work.model.nodes.front().name;
    includes_input = std::ranges::any_of(
        list, [&](const fault::ListedFault& listed) { return listed.layer == image; });
    hit.parallel_outputs = static_cast<int>(arguments.target.parallel_outputs);
  }
  hit = fault::space_for(hit, assignment);
  CampaignArguments campaign = arguments.campaign;
  campaign.include_input = campaign.include_input || includes_input;
  fault::CampaignParams params = to_params(campaign, work.model, work.labels.size(), common, hit);
  if (file.empty()) return params;
  const fault::FaultSpace space(work.model, params.space);
  params.fault_list = fault::find_faults(list, space, file);
  params.sampling = fault::Sampling::kFaultList;
  return params;
}

void run(const InjectArguments& arguments, const CommonOptions& common) {
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
  require_whole_faults(arguments, params.sampling);
  const fault::FaultSpace space(engine.model(), params.space);
  require_faults(space);
  params.keep_fault_counts =
      !arguments.csv.empty() || arguments.maps || tries_whole_faults(params.sampling);
  InjectReport report = {.model = engine.model(),
                         .space = space,
                         .assignment = engine::to_string(assignment, engine.model()),
                         .sampling = params.sampling,
                         .critical_share = arguments.critical_percent / 100,
                         .top = arguments.top,
                         .maps = arguments.maps,
                         .preprocessing = work.preprocessing,
                         .calibration = work.calibration,
                         .fit = {},
                         .result = {},
                         .unbiased = {}};
  if (!arguments.residency.empty() && arguments.fit_per_mbit <= 0) {
    throw base::InputError(
        {"--residency", "", "no raw rate", "--fit-per-mbit, for it changes nothing else"});
  }
  if (arguments.fit_per_mbit > 0) {
    require_stored_bits(space);
    report.fit = fault::FitParams{arguments.fit_per_mbit, residencies(arguments, space)};
  }
  report.result = run_with_progress(engine, assignment, work, space, params, common);
  if (params.sampling == fault::Sampling::kDeepaxe2023) {
    report.unbiased = run_with_progress(engine, assignment, work, space,
                                        unbiased(arguments, work, common), common);
  }
  warn_if_near_chance(report.result.golden_correct, report.result.images, engine.num_classes(),
                      work.preprocessing, common);
  if (!arguments.csv.empty()) base::write_file_atomically(arguments.csv, faults_csv(report));
  fmt::print("{}", common.json ? inject_json(report) : inject_text(report));
}

}  // namespace

void add_inject(CLI::App& program, Selection& selection) {
  CLI::App* command = program.add_subcommand("inject", "Fault campaign of one configuration");
  const auto a = std::make_shared<InjectArguments>();
  add_model_options(*command, a->work);
  add_data_options(*command, a->work);
  command->add_option("--assign", a->assignment, "Multipliers, as for evaluate")
      ->capture_default_str();
  add_campaign_options(*command, a->campaign);
  command->add_option("--csv", a->csv, "Write outcome counts of every fault tried");
  command->add_option("--top", a->top, "List this many of the worst faults; with --faults N or all")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
  command->add_flag(
      "--maps", a->maps,
      "With --json: SDC rates of activations and accumulators by channel and position");
  command
      ->add_option("--critical", a->critical_percent,
                   "A fault is critical that harms this percentage of the images, at least one")
      ->check(CLI::Range(0.0, 100.0))
      ->check(kFinite)
      ->capture_default_str();
  command
      ->add_option("--fit-per-mbit", a->fit_per_mbit,
                   "Raw upsets of 10^6 bits in 10^9 hours: gives failures in time")
      ->check(CLI::Range(0.0, 1e12))
      ->check(kFinite);
  command
      ->add_option_function<std::vector<std::string>>(
          "--residency",
          [a](const std::vector<std::string>& items) { a->residency = parse_shares(items); },
          "LAYER=SHARE,...: of the time that its values are live, for --fit-per-mbit; default 1")
      ->delimiter(',');
  add_fault_target_options(*command, a->target);
  command->add_flag("--plan", a->plan, "Only print sample sizes: Leveugle's and the paper's");
  command->add_option("--plan-margin", a->plan_margin, "Margin of --plan, a fraction")
      ->check(CLI::Range(1e-6, 0.5))
      ->check(kFinite)
      ->capture_default_str();
  command->add_option("--plan-confidence", a->plan_confidence, "Confidence of --plan")
      ->check(CLI::Range(0.5, 0.999999))
      ->check(kFinite)
      ->capture_default_str();
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
