// StrataSamples: what a campaign has drawn of its strata, in the form that estimates take.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/stopping.h"
#include "deepaxe/fault/stratified_estimate.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {

/// [stratum] from the counts of each; for functions of this file both have the same length.
std::vector<StratumSample> sdc_samples(std::span<const Stratum> strata,
                                       std::span<const OutcomeCounts> by_stratum);
/// Harmful less beneficial.
std::vector<StratumSample> drop_samples(std::span<const Stratum> strata,
                                        std::span<const OutcomeCounts> by_stratum);

/// All estimates of `result` from its counts by stratum; intervals of this confidence.
void fill_estimates(std::span<const Stratum> strata, double confidence, CampaignResult& result);

/// The SDC rate and how narrow both intervals would be, with drawn[h] pairs of stratum h in the
/// place of those tried, if outcomes go on falling as they have.
Expectation expected(std::span<const Stratum> strata, std::span<const OutcomeCounts> by_stratum,
                     std::span<const std::uint64_t> drawn);

}  // namespace deepaxe::fault
