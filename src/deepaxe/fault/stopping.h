// Stopping: the rounds of a campaign that samples pairs until enough is known.
#pragma once

#include <cstdint>
#include <functional>

#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {

/// Calls grow_to(pairs, confidence) with growing numbers of pairs, whole sweeps of `sweep` pairs
/// but for the last, at most `budget`: params.max_pairs, less those of a pilot. Each call brings
/// `result` to that many pairs, with intervals of that confidence. Ends, and sets
/// result.stop_reason, when a target of the params is met or the budget is reached. Between rounds
/// it looks at the result alone, never at time. With params.margin the rounds are those of
/// look_schedule.h.
void sample_in_rounds(const CampaignParams& params, std::uint64_t sweep, std::uint64_t budget,
                      CampaignResult& result,
                      const std::function<void(std::uint64_t pairs, double confidence)>& grow_to);

/// How sure the intervals are after such rounds, for CampaignResult::method.
const char* confidence_note(const CampaignParams& params) noexcept;

}  // namespace deepaxe::fault
