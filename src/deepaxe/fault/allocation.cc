#include "deepaxe/fault/allocation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace deepaxe::fault {
namespace {

constexpr double kPriorEvents = 2;     // What a stratum's prior rate weighs.
constexpr double kEventsForPrior = 4;  // What the prior's steepness weighs.
// Of the proportional shares' width. Pairs that change the class take up to 1.3 times as long as
// others: a smaller gain costs more time than it saves.
constexpr double kWorthwhileWidth = 0.9;
constexpr double kRateWithoutPilot = 1e-3;  // Of trained int8 networks, roughly.

// The prior rates to the power in [0, 1] that makes the pilot's events likeliest, as a multinomial
// sample over the strata. A few events that fall as the prior says are counted with them.
std::vector<double> fitted_rates(std::span<const StratumSample> pilot,
                                 std::span<const double> prior_rates) {
  constexpr int kSteps = 10;
  std::vector<double> events(pilot.size());
  double drawn = 0;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    drawn += static_cast<double>(pilot[h].drawn) * prior_rates[h];
  }
  if (drawn <= 0) return {prior_rates.begin(), prior_rates.end()};
  double total = kEventsForPrior;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    const double expected = static_cast<double>(pilot[h].drawn) * prior_rates[h] / drawn;
    events[h] = static_cast<double>(pilot[h].plus) + kEventsForPrior * expected;
    total += static_cast<double>(pilot[h].plus);
  }
  std::vector<double> best;
  double best_likelihood = -std::numeric_limits<double>::infinity();
  for (int step = 0; step <= kSteps; ++step) {
    std::vector<double> rates;
    double likelihood = 0, sum = 0;
    for (std::size_t h = 0; h < pilot.size(); ++h) {
      rates.push_back(std::pow(prior_rates[h], static_cast<double>(step) / kSteps));
      likelihood += events[h] * std::log(rates[h]);
      sum += static_cast<double>(pilot[h].drawn) * rates[h];
    }
    likelihood -= total * std::log(sum);
    if (likelihood > best_likelihood) {
      best_likelihood = likelihood;
      best = std::move(rates);
    }
  }
  return best;
}

// What the rates must be multiplied by to give as many events as the pilot saw.
double scale_of(std::span<const StratumSample> pilot, std::span<const double> rates) {
  double events = 0.5, expected = 0;  // Half an event: a pilot without any still has a scale.
  double mean = 0;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    events += static_cast<double>(pilot[h].plus);
    expected += static_cast<double>(pilot[h].drawn) * rates[h];
    mean += pilot[h].weight * rates[h];
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
  const std::vector<double> rates = fitted_rates(pilot, prior_rates);
  const double scale = scale_of(pilot, rates);
  std::vector<Belief> beliefs;
  beliefs.reserve(pilot.size());
  double total = 0;
  for (std::size_t h = 0; h < pilot.size(); ++h) {
    const double prior = std::min(scale * rates[h], 0.5);
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
  shares.reserve(beliefs.size());
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

double prior_rate(int bit, int bits, std::size_t image_class) noexcept {
  constexpr int kGradedBits = 7;
  return std::pow(3.0, std::max(bit - (bits - 1), -kGradedBits)) *
         std::pow(8.0, -static_cast<double>(image_class));
}

std::vector<double> allocate(std::span<const StratumSample> pilot,
                             std::span<const double> prior_rates, double pairs) {
  if (pilot.size() != prior_rates.size()) {
    throw std::invalid_argument("allocation: strata and prior rates differ in number");
  }
  const std::vector<Belief> beliefs = beliefs_of(pilot, prior_rates);
  constexpr int kSteps = 20;
  const std::vector<double> proportional = mixed_shares(beliefs, 1);
  std::vector<double> best = proportional;
  for (int step = 0; step < kSteps; ++step) {
    const double share = kLeastProportionalShare + (1 - kLeastProportionalShare) * step / kSteps;
    std::vector<double> shares = mixed_shares(beliefs, share);
    if (expected_width(beliefs, shares, pairs) < expected_width(beliefs, best, pairs)) {
      best = std::move(shares);
    }
  }
  return expected_width(beliefs, best, pairs) <=
                 kWorthwhileWidth * expected_width(beliefs, proportional, pairs)
             ? best
             : proportional;
}

}  // namespace deepaxe::fault
