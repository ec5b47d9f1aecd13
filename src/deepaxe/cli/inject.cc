// deepaxe inject: a fault campaign of one configuration.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "deepaxe/base/file.h"
#include "deepaxe/base/progress.h"
#include "deepaxe/cli/campaign_options.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/load.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/plan.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;
using fault::Outcome;

struct InjectArguments {
  WorkArguments work;
  std::string assignment = "exact";
  CampaignArguments campaign;
  std::string csv;
  bool plan = false;
  double plan_margin = 0.01;
  double plan_confidence = 0.95;
};

constexpr std::array<std::pair<Outcome, const char*>, 8> kOutcomeNames = {
    {{Outcome::kMasked, "masked"},
     {Outcome::kChangedSameClass, "changed_same_class"},
     {Outcome::kHarmful, "harmful"},
     {Outcome::kBeneficial, "beneficial"},
     {Outcome::kNeutral, "neutral"},
     {Outcome::kDetected, "detected"},
     {Outcome::kCorrected, "corrected"},
     {Outcome::kHang, "hang"}}};

Json counts_json(const fault::OutcomeCounts& counts) {
  Json json;
  for (const auto& [outcome, name] : kOutcomeNames) json[name] = counts[outcome];
  return json;
}

std::string csv_of_faults(const fault::CampaignResult& result, const fault::FaultSpace& space) {
  std::string text = "fault,layer,element,bit,pairs";
  for (const auto& [outcome, name] : kOutcomeNames) text += std::string(",") + name;
  text += "\n";
  for (const fault::FaultCounts& entry : result.fault_counts) {
    const fault::Fault fault = space.at(entry.fault);
    const auto tensor = static_cast<std::size_t>(space.tensor_of(entry.fault));
    text += fmt::format("{},{},{},{},{}", entry.fault, space.tensors()[tensor].name, fault.element,
                        fault.bit, entry.counts.pairs());
    for (const auto& [outcome, name] : kOutcomeNames) {
      text += fmt::format(",{}", entry.counts[outcome]);
    }
    text += "\n";
  }
  return text;
}

Json layer_bit_json(const fault::CampaignResult& result, const fault::FaultSpace& space) {
  Json layers = Json::array();
  for (std::size_t t = 0; t < space.tensors().size(); ++t) {
    Json bits = Json::array();
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const fault::OutcomeCounts& counts = result.by_tensor_bit[t * 8 + bit];
      Json row = {{"bit", bit}, {"pairs", counts.pairs()}, {"sdc", counts.sdc()}};
      row["outcomes"] = counts_json(counts);
      bits.push_back(std::move(row));
    }
    layers.push_back({{"layer", space.tensors()[t].name},
                      {"elements", space.tensors()[t].elements},
                      {"bits", std::move(bits)}});
  }
  return layers;
}

void print_json(const fault::CampaignResult& result, const fault::FaultSpace& space,
                const std::string& assignment, const Work& work) {
  const Json json = {
      {"assignment", assignment},
      {"fault_space", space.size()},
      {"faults", result.num_faults},
      {"images", result.images},
      {"pairs", result.total.pairs()},
      {"accuracy", static_cast<double>(result.golden_correct) / static_cast<double>(result.images)},
      {"outcomes", counts_json(result.total)},
      {"sdc_rate", result.sdc_rate},
      {"sdc_rate_interval", {result.sdc_interval.low, result.sdc_interval.high}},
      {"vulnerability", result.vulnerability},
      {"vulnerability_interval",
       {result.vulnerability_interval.low, result.vulnerability_interval.high}},
      {"confidence", 0.95},
      {"method", result.method},
      {"stop_reason", result.stop_reason},
      {"rechecked", result.rechecked},
      {"mismatches", result.mismatches},
      {"seconds", result.seconds},
      {"preprocessing", work.preprocessing},
      {"calibration", work.calibration},
      {"layers", layer_bit_json(result, space)}};
  fmt::print("{}\n", json.dump(2));
}

void print_layer_table(const fault::CampaignResult& result, const fault::FaultSpace& space) {
  fmt::print("\nSDC rate, % ('-': fewer than 30 pairs)\n{:<24}", "layer");
  for (int bit = 7; bit >= 0; --bit) fmt::print("{:>9}", fmt::format("bit {}", bit));
  fmt::print("{:>9}\n", "all");
  const auto cell = [](const fault::OutcomeCounts& counts) {
    if (counts.pairs() < 30) return std::string("-");
    return fmt::format(
        "{:.4f}", 100 * static_cast<double>(counts.sdc()) / static_cast<double>(counts.pairs()));
  };
  for (std::size_t t = 0; t < space.tensors().size(); ++t) {
    fmt::print("{:<24}", space.tensors()[t].name);
    fault::OutcomeCounts all;
    for (std::size_t bit = 8; bit-- > 0;) {
      fmt::print("{:>9}", cell(result.by_tensor_bit[t * 8 + bit]));
      all += result.by_tensor_bit[t * 8 + bit];
    }
    fmt::print("{:>9}\n", cell(all));
  }
}

void print_text(const fault::CampaignResult& result, const fault::FaultSpace& space,
                const std::string& assignment) {
  fmt::print("{}: {} pairs ({} fault draws, {} images) of a space of {} faults x {} images\n",
             assignment, result.total.pairs(), result.num_faults, result.images, space.size(),
             result.images);
  fmt::print("accuracy without faults   {:.2f} %\n",
             100 * static_cast<double>(result.golden_correct) / static_cast<double>(result.images));
  fmt::print("SDC rate                  {:.4f} %   95 % interval [{:.4f}, {:.4f}]\n",
             100 * result.sdc_rate, 100 * result.sdc_interval.low, 100 * result.sdc_interval.high);
  fmt::print("fault vulnerability       {:.4f} pp  95 % interval [{:.4f}, {:.4f}]\n",
             100 * result.vulnerability, 100 * result.vulnerability_interval.low,
             100 * result.vulnerability_interval.high);
  fmt::print("method                    {}\n", result.method);
  fmt::print("stopped                   {}\n", result.stop_reason);
  fmt::print("re-checked                {} pairs by the reference kernels, {} mismatches\n",
             result.rechecked, result.mismatches);
  fmt::print("time                      {:.2f} s\noutcomes                  ", result.seconds);
  for (const auto& [outcome, name] : kOutcomeNames) {
    if (result.total[outcome] > 0) fmt::print("{} {}  ", name, result.total[outcome]);
  }
  fmt::print("\n");
  print_layer_table(result, space);
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

void run(const InjectArguments& arguments, const CommonOptions& common) {
  fault::CampaignParams params = to_params(arguments.campaign, common);
  params.keep_fault_counts = !arguments.csv.empty();
  base::require_writable(arguments.csv);
  const Work work = prepare_work(arguments.work, common);
  const engine::Int8Engine engine(work.model);
  if (arguments.plan) {
    print_plan(arguments, engine.model(), common);
    return;
  }
  const engine::Assignment assignment =
      engine::parse_assignment(arguments.assignment, engine.model());
  const fault::FaultSpace space(engine.model(), arguments.campaign.include_input);
  const std::uint64_t images = work.labels.size();
  use_census_if_it_fits(params, engine.model(), work.labels.size());
  std::uint64_t total = params.max_pairs;
  if (params.sampling == fault::Sampling::kCensus) total = space.size() * images;
  if (params.sampling == fault::Sampling::kCommonFaults) total = params.num_faults * images;
  print_budget(params, common);
  base::Progress progress("inject", total, "pairs", common.quiet);
  params.progress = [&progress](std::uint64_t pairs) { progress.add(pairs); };
  const fault::CampaignResult result =
      fault::run_campaign(engine, assignment, work.codes, work.labels, params);
  warn_if_near_chance(result.golden_correct, result.images, engine.num_classes(),
                      work.preprocessing, common);
  if (!arguments.csv.empty()) {
    base::write_file_atomically(arguments.csv, csv_of_faults(result, space));
  }
  const std::string name = engine::to_string(assignment, engine.model());
  if (common.json) {
    print_json(result, space, name, work);
  } else {
    print_text(result, space, name);
  }
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
