#include "deepaxe/fault/stopping.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "deepaxe/fault/look_schedule.h"

namespace deepaxe::fault {
namespace {

// Sweeps over the images in the shortest first round; their golden run costs as much as some 50
// faults.
constexpr std::uint64_t kFirstSweeps = 8;
// A round aims at the end by what has been seen, a little beyond; few changes seen so far may
// mislead it, hence the bounds. Every round costs a golden run of every image.
constexpr double kBeyond = 1.05, kLeastGrowth = 1.25, kMostGrowth = 16;
constexpr double kConfidence = 0.95;

// Why the sampling may end, judged on the estimates alone; empty: it may not.
std::string target_met(const CampaignResult& result, const CampaignParams& params) {
  if (params.target_sdc_relative > 0 && result.sdc_rate > 0 &&
      result.sdc_interval.half_width() <= params.target_sdc_relative * result.sdc_rate) {
    return fmt::format("SDC rate known to +-{:g} % of itself", params.target_sdc_relative * 100);
  }
  if (params.target_vulnerability > 0 &&
      result.vulnerability_interval.half_width() <= params.target_vulnerability) {
    return fmt::format("vulnerability known to +-{:g} points", params.target_vulnerability * 100);
  }
  return "";
}

bool meets_a_target(const Expectation& expected, const CampaignParams& params) {
  return (params.target_sdc_relative > 0 && expected.sdc_rate > 0 &&
          expected.sdc <= params.target_sdc_relative * expected.sdc_rate) ||
         (params.target_vulnerability > 0 && expected.vulnerability <= params.target_vulnerability);
}

// About the fewest pairs of at least `from`, at most kMostGrowth times as many, that meet a target.
double pairs_needed(const CampaignParams& params, double from, const Forecast& forecast) {
  constexpr int kSteps = 12;
  double low = from, high = from * kMostGrowth;
  for (int step = 0; step < kSteps; ++step) {
    const double middle = std::sqrt(low * high);
    (meets_a_target(forecast(static_cast<std::uint64_t>(middle)), params) ? high : low) = middle;
  }
  return high;
}

bool within_margin(const CampaignResult& result, double margin) {
  return std::max(result.sdc_interval.half_width(), result.vulnerability_interval.half_width()) <=
         margin;
}

std::uint64_t whole_sweeps(std::uint64_t pairs, std::uint64_t sweep) {
  return (pairs + sweep - 1) / sweep * sweep;
}

}  // namespace

void sample_in_rounds(const CampaignParams& params, const Rounds& rounds,
                      const std::function<void(std::uint64_t pairs, double confidence)>& grow_to,
                      const Forecast& forecast, CampaignResult& result) {
  if (rounds.budget == 0) throw std::invalid_argument("fault campaign: no pairs to try");
  const bool by_margin = params.margin > 0;
  std::uint64_t target = std::max(rounds.first_pairs, kFirstSweeps * rounds.sweep);
  for (int look = 1; result.stop_reason.empty(); ++look) {
    if (by_margin) target = whole_sweeps(look_pairs(look, params.margin), rounds.sweep);
    target = std::min(target, rounds.budget);
    grow_to(target, by_margin ? look_confidence(look, kConfidence) : kConfidence);
    if (!by_margin) {
      result.stop_reason = target_met(result, params);
    } else if (within_margin(result, params.margin)) {
      result.stop_reason =
          fmt::format("SDC rate and vulnerability known to +-{:g} points at look {}",
                      params.margin * 100, look);
    }
    if (result.stop_reason.empty() && target == rounds.budget) {
      result.stop_reason = fmt::format("budget of {} pairs reached", params.max_pairs);
    }
    if (!result.stop_reason.empty() || by_margin) continue;
    const double least = static_cast<double>(target) * kLeastGrowth;
    target = whole_sweeps(
        static_cast<std::uint64_t>(std::ceil(pairs_needed(params, least, forecast) * kBeyond)),
        rounds.sweep);
  }
}

std::uint64_t first_look(const CampaignParams& params, std::uint64_t sweep,
                         const Forecast& forecast) {
  const auto least = static_cast<double>(kFirstSweeps * sweep);
  return whole_sweeps(
      static_cast<std::uint64_t>(std::ceil(pairs_needed(params, least, forecast) * kBeyond)),
      sweep);
}

const char* confidence_note(const CampaignParams& params) noexcept {
  return params.margin > 0
             ? "looks fixed beforehand, each with twice the pairs of the one before; the interval "
               "of "
               "look k has confidence 1 - 0.05 / (k (k + 1)), so those of all looks together hold "
               "with 95 %"
             : "95 % at each look; the rule that ends the sampling is judged on the same pairs";
}

}  // namespace deepaxe::fault
