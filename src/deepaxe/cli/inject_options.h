// The options of inject, and which of them another one leaves without effect.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "deepaxe/cli/campaign_options.h"
#include "deepaxe/cli/fault_target_options.h"
#include "deepaxe/cli/residency_options.h"
#include "deepaxe/cli/work_options.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/fault_space.h"

namespace deepaxe::cli {

struct InjectArguments {
  WorkArguments work;
  std::string assignment = "exact";
  CampaignArguments campaign;
  FaultTargetArguments target;
  std::string csv;
  std::int64_t top = 0;
  bool maps = false;
  double critical_percent = 1;
  double fit_per_mbit = 0;  ///< 0: not asked for.
  ResidencyArguments residency;
  bool margin_loss = false;
  bool plan = false;
  double plan_margin = 0.01;
  double plan_confidence = 0.95;
};

void add_inject_options(CLI::App& command, InjectArguments& arguments);

/// Throws base::InputError for an option that could change nothing, as far as the command line
/// says it.
void refuse_idle_options(const CLI::App& command, const InjectArguments& arguments,
                         bool prints_json);

/// As above, where the faults are known: rankings without whole faults, units of none, a rate of
/// upsets of what is no memory.
void refuse_idle_options(const CLI::App& command, const InjectArguments& arguments,
                         const fault::FaultSpace& space, fault::Sampling sampling);

}  // namespace deepaxe::cli
