// Stopping: the rounds of a campaign that samples pairs until enough is known.
#pragma once

#include <cstdint>
#include <functional>

#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {

/// How long a campaign may go on.
struct Rounds {
  std::uint64_t sweep = 0;        ///< Pairs that meet every image once.
  std::uint64_t first_pairs = 0;  ///< Of the first round; 0: not known beforehand.
  std::uint64_t budget = 0;       ///< params.max_pairs, less those of a pilot.
};

/// Half widths that intervals of 95 % are expected to have.
struct Expectation {
  double sdc_rate = 0;
  double sdc = 0, vulnerability = 0;
};
/// Of this many pairs in all, if outcomes go on falling as they have.
using Forecast = std::function<Expectation(std::uint64_t pairs)>;

/// Calls grow_to(pairs, confidence) with growing numbers of pairs, whole sweeps but for the last,
/// at most the budget. Each call brings `result` to that many pairs, with intervals of that
/// confidence. Ends, and sets result.stop_reason, when a target of the params is met or the budget
/// is reached. Between rounds it looks at the result and its forecast alone, never at time. With
/// params.margin the rounds are those of look_schedule.h.
void sample_in_rounds(const CampaignParams& params, const Rounds& rounds,
                      const std::function<void(std::uint64_t pairs, double confidence)>& grow_to,
                      const Forecast& forecast, CampaignResult& result);

/// Pairs of a first round that by this forecast is likely to be the last.
std::uint64_t first_look(const CampaignParams& params, std::uint64_t sweep,
                         const Forecast& forecast);

/// How sure the intervals are after such rounds, for CampaignResult::method.
const char* confidence_note(const CampaignParams& params) noexcept;

}  // namespace deepaxe::fault
