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
  std::string protocol = "auto";
  std::int64_t max_pairs = 200'000;
  double sdc_margin = 0.10;
  double vulnerability_margin_points = 0.01;
  std::string margin;
  double recheck = 1e-4;
  bool include_input = false;
};

/// --faults, --protocol, --pairs, --sdc-margin, --vulnerability-margin, --margin, --recheck,
/// --include-input.
void add_campaign_options(CLI::App& command, CampaignArguments& arguments);

/// Throws base::InputError for what --faults N or all leaves without effect: when to stop, and how
/// fresh faults are drawn. (--protocol deepaxe2023 is followed by a campaign with fresh ones.)
void refuse_idle_campaign_options(const CLI::App& command, const CampaignArguments& arguments);

/// The campaign of these images; `hit` says what is hit besides the input image. Throws
/// base::InputError for a --faults that is no number, "auto" or "all", or is more than there
/// are, and for a --margin that is none.
fault::CampaignParams to_params(const CampaignArguments& arguments, const model::Int8Model& model,
                                std::size_t num_images, const CommonOptions& common,
                                const fault::FaultSpaceParams& hit = {});

/// Says on stderr how many pairs may be tried, for a campaign (or each of a study's).
void print_budget(const fault::CampaignParams& params, const CommonOptions& common);

}  // namespace deepaxe::cli
