#include "deepaxe/fault/allocation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace deepaxe::fault {
namespace {

constexpr double kPriorEvents = 2;

constexpr double kRateWithoutPilot = 1e-3;  // Of trained int8 networks, roughly.

// What the prior rates must be multiplied by to give as many events as the pilot saw.
double prior_scale(std::span<const StratumSample> pilot, std::span<const double> prior_rates) {
  double events = 0.5, expected = 0;  // Half an event: a pilot without any still has a scale.
  double mean = 0;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    events += static_cast<double>(pilot[h].plus);
    expected += static_cast<double>(pilot[h].drawn) * prior_rates[h];
    mean += pilot[h].weight * prior_rates[h];
  }
  return expected > 0 ? events / expected : kRateWithoutPilot / mean;
}

// What is believed of each stratum.
struct Belief {
  double weight = 0;
  double rate = 0;
  double optimal_share = 0;  // In proportion to weight times standard deviation.
};

std::vector<Belief> beliefs_of(std::span<const StratumSample> pilot,
                               std::span<const double> prior_rates) {
  const double scale = prior_scale(pilot, prior_rates);
  std::vector<Belief> beliefs;
  double total = 0;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    const double prior = std::min(scale * prior_rates[h], 0.5);
    const double rate = (static_cast<double>(pilot[h].plus) + kPriorEvents) /
                        (static_cast<double>(pilot[h].drawn) + kPriorEvents / prior);
    beliefs.push_back({pilot[h].weight, rate, pilot[h].weight * std::sqrt(rate * (1 - rate))});
    total += beliefs.back().optimal_share;
  }
  for (Belief& belief : beliefs) belief.optimal_share /= total;
  return beliefs;
}

std::vector<double> mixed_shares(const std::vector<Belief>& beliefs, double proportional_share) {
  std::vector<double> shares;
  for (const Belief& belief : beliefs) {
    shares.push_back(proportional_share * belief.weight +
                     (1 - proportional_share) * belief.optimal_share);
  }
  return shares;
}

// Of the interval to come, by the normal quantile of 95 %; see stratified_estimate.cc for the unit.
double expected_width(const std::vector<Belief>& beliefs, const std::vector<double>& shares,
                      double pairs) {
  constexpr double kQuantile = 1.96;
  double variance = 0, unit = 0;
  for (std::size_t h = 0; h < beliefs.size(); ++h) {
    if (shares[h] <= 0) continue;
    const double scale = beliefs[h].weight / (pairs * shares[h]);
    variance += beliefs[h].weight * scale * beliefs[h].rate * (1 - beliefs[h].rate);
    unit = std::max(unit, scale);
  }
  return unit + kQuantile * (std::sqrt(variance) + std::sqrt(variance + unit * unit));
}

}  // namespace

double prior_rate(int bit, int bits) noexcept {
  constexpr int kGradedBits = 7;
  return std::pow(3.0, std::max(bit - (bits - 1), -kGradedBits));
}

std::vector<double> allocate(std::span<const StratumSample> pilot,
                             std::span<const double> prior_rates, double pairs) {
  if (pilot.size() != prior_rates.size()) {
    throw std::invalid_argument("allocation: strata and prior rates differ in number");
  }
  const std::vector<Belief> beliefs = beliefs_of(pilot, prior_rates);
  constexpr int kSteps = 20;
  std::vector<double> best = mixed_shares(beliefs, 1);
  for (int step = 0; step < kSteps; ++step) {
    const double share = kLeastProportionalShare + (1 - kLeastProportionalShare) * step / kSteps;
    std::vector<double> shares = mixed_shares(beliefs, share);
    if (expected_width(beliefs, shares, pairs) < expected_width(beliefs, best, pairs)) {
      best = std::move(shares);
    }
  }
  return best;
}

}  // namespace deepaxe::fault
