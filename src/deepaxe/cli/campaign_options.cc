#include "deepaxe/cli/campaign_options.h"

#include <fmt/format.h>

#include <charconv>

#include "deepaxe/base/input_error.h"

namespace deepaxe::cli {
namespace {

std::uint64_t parse_fault_count(const std::string& text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::uint64_t kMost = 1'000'000'000;
  if (error != std::errc() || end != text.data() + text.size() || count == 0 || count > kMost) {
    throw base::InputError(
        {"--faults", "", "'" + text + "'", "auto, all, or a number from 1 to 1000000000"});
  }
  return count;
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
                  "uniform over the fault space, or deepaxe2023: the paper's way")
      ->check(CLI::IsMember({"uniform", "deepaxe2023"}))
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
  command.add_option("--recheck", a.recheck, "Share of pairs re-simulated by reference kernels")
      ->check(CLI::Range(0.0, 1.0))
      ->check(kFinite)
      ->capture_default_str();
  command.add_flag("--include-input", a.include_input, "Count the stored input image too");
}

fault::CampaignParams to_params(const CampaignArguments& arguments, const CommonOptions& common) {
  fault::CampaignParams params;
  params.seed = static_cast<std::uint64_t>(common.seed);
  params.num_threads = common.threads;
  params.max_pairs = static_cast<std::uint64_t>(arguments.max_pairs);
  params.target_sdc_relative = arguments.sdc_margin;
  params.target_vulnerability = arguments.vulnerability_margin_points / 100;
  params.recheck_fraction = arguments.recheck;
  params.include_input = arguments.include_input;
  if (arguments.faults == "all") {
    params.sampling = fault::Sampling::kCensus;
  } else if (arguments.faults != "auto") {
    params.sampling = fault::Sampling::kCommonFaults;
    params.num_faults = parse_fault_count(arguments.faults);
  }
  if (arguments.protocol == "deepaxe2023") {
    if (arguments.faults == "all") {
      throw base::InputError(
          {"--faults", "", "all with --protocol deepaxe2023", "auto or a number: it samples"});
    }
    params.sampling = fault::Sampling::kDeepaxe2023;
  }
  return params;
}

void use_census_if_it_fits(fault::CampaignParams& params, const model::Int8Model& model,
                           std::size_t num_images) {
  const std::uint64_t population = fault::FaultSpace(model, params.include_input).size();
  if (params.sampling == fault::Sampling::kCommonFaults && params.num_faults > population) {
    throw base::InputError({"--faults", "", fmt::format("{} faults", params.num_faults),
                            fmt::format("at most the {} of the fault space, or all", population)});
  }
  // population * num_images without overflow: budgets are below 2^40.
  if (params.sampling == fault::Sampling::kUniformPairs && num_images > 0 && population > 0 &&
      params.max_pairs / num_images >= population) {
    params.sampling = fault::Sampling::kCensus;
  }
}

void print_budget(const fault::CampaignParams& params, const CommonOptions& common) {
  if (params.sampling != fault::Sampling::kUniformPairs) return;
  remark(common, fmt::format("budget: at most {} (fault, image) pairs a design (--pairs)",
                             params.max_pairs));
}

}  // namespace deepaxe::cli
