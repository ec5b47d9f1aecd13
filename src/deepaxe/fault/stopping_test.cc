#include "deepaxe/fault/stopping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace deepaxe::fault {
namespace {

constexpr std::uint64_t kSweep = 100;

// Intervals that shrink as the square root: +-1 % of itself at a million pairs.
Expectation widths_at(std::uint64_t pairs) {
  const double width = 0.01 * std::sqrt(1e6 / static_cast<double>(pairs));
  return {1, width, width};
}

CampaignParams params_of(double sdc, double vulnerability) {
  CampaignParams params;
  params.target_sdc_relative = sdc;
  params.target_vulnerability = vulnerability;
  return params;
}

// The ends of the rounds of a campaign with such intervals.
std::vector<std::uint64_t> rounds_of(const CampaignParams& params, const Rounds& rounds,
                                     const Forecast& forecast, CampaignResult& result) {
  std::vector<std::uint64_t> ends;
  sample_in_rounds(
      params, rounds,
      [&](std::uint64_t pairs, double) {
        const Expectation now = widths_at(pairs);
        ends.push_back(pairs);
        result.sdc_rate = now.sdc_rate;
        result.sdc_interval = {now.sdc_rate - now.sdc, now.sdc_rate + now.sdc};
        result.vulnerability_interval = {-now.vulnerability, now.vulnerability};
      },
      forecast, result);
  return ends;
}

TEST(Stopping, FirstLookIsALittleBeyondTheFewestPairsThatMeetATarget) {
  for (const double target : {0.1, 0.05, 0.04}) {
    const double needed = 1e6 * std::pow(0.01 / target, 2);
    const auto look = static_cast<double>(first_look(params_of(target, 0), 1'000, widths_at));
    EXPECT_GE(look, needed);
    EXPECT_LE(look, 1.1 * needed + 1'000);
    EXPECT_EQ(std::fmod(look, 1'000), 0);
  }
}

TEST(Stopping, FirstLookKeepsItsBounds) {
  EXPECT_LE(first_look(params_of(0.9, 0), kSweep, widths_at), 9 * kSweep);
  EXPECT_LE(first_look(params_of(1e-9, 0), kSweep, widths_at), 135 * kSweep);
  EXPECT_LE(first_look(params_of(0, 0), kSweep, widths_at), 135 * kSweep);
}

TEST(Stopping, AGoodForecastNeedsOneMoreRound) {
  CampaignResult result;
  const std::vector<std::uint64_t> ends =
      rounds_of(params_of(0.05, 0), {kSweep, 0, 1'000'000}, widths_at, result);
  ASSERT_EQ(ends.size(), 3U);  // 8 sweeps, at most 21 times as many, the end.
  EXPECT_EQ(ends.front(), 8 * kSweep);
  EXPECT_NEAR(static_cast<double>(ends.back()), 40'000, 4'000);
  EXPECT_EQ(result.stop_reason, "SDC rate known to +-5 % of itself");
  CampaignResult again;
  EXPECT_EQ(rounds_of(params_of(0.05, 0), {kSweep, ends.back(), 1'000'000}, widths_at, again),
            std::vector<std::uint64_t>{ends.back()});
}

TEST(Stopping, EndsAtTheNearerOfTwoTargets) {
  CampaignResult result;
  const std::vector<std::uint64_t> ends =
      rounds_of(params_of(0.01, 0.1), {kSweep, 0, 10'000'000}, widths_at, result);
  EXPECT_EQ(result.stop_reason, "vulnerability known to +-10 points");
  EXPECT_NEAR(static_cast<double>(ends.back()), 10'000, 1'000);
}

// Whatever a forecast says, rounds grow and the budget ends them.
TEST(Stopping, AForecastThatIsAlwaysWrongEndsAllTheSame) {
  for (const double width : {0.0, 1.0}) {
    CampaignResult result;
    const std::vector<std::uint64_t> ends = rounds_of(
        params_of(0.02, 0), {kSweep, 0, 100'050},
        [&](std::uint64_t) {
          return Expectation{1, width, width};
        },
        result);
    for (std::size_t i = 1; i < ends.size(); ++i) EXPECT_GT(ends[i], ends[i - 1]);
    EXPECT_LE(ends.back(), 100'050U);
    EXPECT_LE(ends.size(), 30U);
    EXPECT_FALSE(result.stop_reason.empty());
  }
}

}  // namespace
}  // namespace deepaxe::fault
