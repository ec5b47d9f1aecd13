#include "deepaxe/cli/campaign_options.h"

#include <fmt/format.h>

#include <charconv>

#include "deepaxe/base/input_error.h"

namespace deepaxe::cli {
namespace {

std::uint64_t parse_fault_count(const std::string& text, std::uint64_t population) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::uint64_t kMost = 1'000'000'000;
  if (error != std::errc() || end != text.data() + text.size() || count == 0 || count > kMost) {
    throw base::InputError(
        {"--faults", "", "'" + text + "'", "auto, all, or a number from 1 to 1000000000"});
  }
  if (count > population) {
    throw base::InputError({"--faults", "", fmt::format("{} faults", count),
                            fmt::format("at most the {} of the fault space, or all", population)});
  }
  return count;
}

// "0.05pp" or "0.05": percentage points, as a fraction.
double parse_margin(const std::string& text) {
  const std::size_t unit = text.ends_with("pp") ? 2 : 0;
  double points = 0;
  const char* const last = text.data() + text.size() - unit;
  const auto [end, error] = std::from_chars(text.data(), last, points);
  constexpr double kLeast = 1e-4, kMost = 20;
  if (error != std::errc() || end != last || !(points >= kLeast && points <= kMost)) {
    throw base::InputError(
        {"--margin", "", "'" + text + "'", "percentage points from 0.0001 to 20, as in 0.05pp"});
  }
  return points / 100;
}

void require_stored_activations(const fault::FaultSpace& space) {
  for (const fault::FaultTensor& tensor : space.tensors()) {
    if (tensor.target == fault::Target::kActivation && tensor.effect == fault::Effect::kFlip) {
      continue;
    }
    throw base::InputError({"--protocol", "",
                            fmt::format("deepaxe2023 with --target {}", to_string(tensor.target)),
                            "flips of activations: the paper has no others"});
  }
}

fault::Sampling sampling_of(const CampaignArguments& arguments, const fault::FaultSpace& space,
                            std::size_t num_images) {
  using fault::Sampling;
  if (arguments.protocol == "deepaxe2023") {
    require_stored_activations(space);
    if (arguments.faults != "all") return Sampling::kDeepaxe2023;
    throw base::InputError(
        {"--faults", "", "all with --protocol deepaxe2023", "auto or a number: it samples"});
  }
  if (arguments.faults == "all") return Sampling::kCensus;
  if (arguments.faults != "auto") return Sampling::kCommonFaults;
  const auto budget = static_cast<std::uint64_t>(arguments.max_pairs);
  const Sampling automatic = fault::automatic_sampling(space, num_images, budget);
  if (automatic == Sampling::kCensus || arguments.protocol == "auto") return automatic;
  if (arguments.protocol == "uniform") return Sampling::kUniformPairs;
  const std::uint64_t least = fault::least_stratified_pairs(space);
  if (budget < least) {
    throw base::InputError({"--pairs", "", fmt::format("{} with --protocol stratified", budget),
                            fmt::format("at least {} for this network", least)});
  }
  return Sampling::kStratified;
}

}  // namespace

void add_campaign_options(CLI::App& command, CampaignArguments& a) {
  command
      .add_option("--faults", a.faults,
                  "auto: fresh faults for every image until the margins are met; N: that many "
                  "faults on all images; all: the census")
      ->capture_default_str();
  command
      .add_option("--protocol", a.protocol,
                  "auto: census, stratified or uniform, by the budget; stratified: each (layer, "
                  "bit, class of images by margin) by itself; uniform over the fault space; "
                  "deepaxe2023: the paper's way")
      ->check(CLI::IsMember({"auto", "stratified", "uniform", "deepaxe2023"}))
      ->capture_default_str();
  command.add_option("--pairs", a.max_pairs, "auto: budget of (fault, image) pairs")
      ->check(CLI::Range(std::int64_t{1}, kMostCount))
      ->capture_default_str();
  command
      .add_option("--sdc-margin", a.sdc_margin, "auto: stop at +- this fraction of the SDC rate")
      ->check(CLI::Range(0.0, 10.0))
      ->check(kFinite)
      ->capture_default_str();
  command
      .add_option("--vulnerability-margin", a.vulnerability_margin_points,
                  "auto: or stop at +- these percentage points; 0: never")
      ->check(CLI::Range(0.0, 100.0))
      ->check(kFinite)
      ->capture_default_str();
  command
      .add_option("--margin", a.margin,
                  "auto: instead of both, stop when SDC rate and vulnerability are known to +- "
                  "these percentage points (0.05pp), by intervals valid at every look")
      ->excludes("--sdc-margin")
      ->excludes("--vulnerability-margin");
  command.add_option("--recheck", a.recheck, "Share of pairs re-simulated by reference kernels")
      ->check(CLI::Range(0.0, 1.0))
      ->check(kFinite)
      ->capture_default_str();
  command.add_flag("--include-input", a.include_input, "Count the stored input image too");
}

void refuse_idle_campaign_options(const CLI::App& command, const CampaignArguments& arguments) {
  if (arguments.faults == "auto") return;
  const std::string found = "--faults " + arguments.faults;
  if (arguments.protocol == "deepaxe2023") return;  // They are those of what it is compared with.
  refuse_idle(command, {"--pairs", "--sdc-margin", "--vulnerability-margin", "--margin"}, found,
              "--faults auto: it decides there when to stop");
  refuse_idle(command, {"--protocol"}, found, "--faults auto: it decides there");
}

fault::CampaignParams to_params(const CampaignArguments& arguments, const model::Int8Model& model,
                                std::size_t num_images, const CommonOptions& common,
                                const fault::FaultSpaceParams& hit) {
  fault::CampaignParams params;
  params.seed = static_cast<std::uint64_t>(common.seed);
  params.num_threads = common.threads;
  params.max_pairs = static_cast<std::uint64_t>(arguments.max_pairs);
  params.target_sdc_relative = arguments.sdc_margin;
  params.target_vulnerability = arguments.vulnerability_margin_points / 100;
  params.margin = arguments.margin.empty() ? 0 : parse_margin(arguments.margin);
  params.recheck_fraction = arguments.recheck;
  params.space = hit;
  params.space.include_input = arguments.include_input;
  const fault::FaultSpace space(model, params.space);
  if (arguments.faults != "auto" && arguments.faults != "all") {
    params.num_faults = parse_fault_count(arguments.faults, space.size());
  }
  params.sampling = sampling_of(arguments, space, num_images);
  return params;
}

void print_budget(const fault::CampaignParams& params, const CommonOptions& common) {
  if (params.sampling != fault::Sampling::kUniformPairs &&
      params.sampling != fault::Sampling::kStratified) {
    return;
  }
  remark(common, fmt::format("budget: at most {} (fault, image) pairs a design (--pairs)",
                             params.max_pairs));
}

}  // namespace deepaxe::cli
