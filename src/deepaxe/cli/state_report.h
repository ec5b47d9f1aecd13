// The report of a fault campaign in the generated accelerator: text, JSON, one line per fault.
#pragma once

#include <string>

#include "deepaxe/hw/inject/state_campaign.h"

namespace deepaxe::cli {

struct StateReport {
  std::string assignment;
  const hw::inject::FaultBench& bench;
  int images = 0;
  const hw::inject::StateCampaignResult& result;
};

std::string state_text(const StateReport& report);
std::string state_json(const StateReport& report);
std::string state_csv(const StateReport& report);

}  // namespace deepaxe::cli
