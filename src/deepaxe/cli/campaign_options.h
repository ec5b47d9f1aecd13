// The options of a fault campaign, shared by inject and explore.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "deepaxe/cli/command.h"
#include "deepaxe/fault/campaign.h"

namespace deepaxe::cli {

struct CampaignArguments {
  std::string faults = "auto";
  std::string protocol = "uniform";
  std::int64_t max_pairs = 200'000;
  double sdc_margin = 0.10;
  double vulnerability_margin_points = 0.01;
  double recheck = 1e-4;
  bool include_input = false;
};

/// --faults, --protocol, --pairs, --sdc-margin, --vulnerability-margin, --recheck,
/// --include-input.
void add_campaign_options(CLI::App& command, CampaignArguments& arguments);

/// Throws base::InputError for a --faults that is no number, "auto" or "all", or does not go with
/// the protocol.
fault::CampaignParams to_params(const CampaignArguments& arguments, const CommonOptions& common);

/// Makes the automatic plan a census where the budget covers every fault on every image. Throws
/// base::InputError if more faults are asked for than there are.
void use_census_if_it_fits(fault::CampaignParams& params, const model::Int8Model& model,
                           std::size_t num_images);

/// Says on stderr how many pairs may be tried, for a campaign (or each of a study's).
void print_budget(const fault::CampaignParams& params, const CommonOptions& common);

}  // namespace deepaxe::cli
