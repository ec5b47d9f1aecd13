#include "deepaxe/fault/stratified_estimate.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <cmath>
#include <stdexcept>

namespace deepaxe::fault {
namespace {

// Below this, an interval is a point to any reader; quantiles of such sharp distributions fail.
constexpr double kNegligibleUnit = 1e-13;
// Keeps the number of effective trials finite where every draw is an event.
constexpr double kLeastSpread = 0.01;

struct Moments {
  double plus = 0, minus = 0;  // Weighted sums.
  double variance = 0;         // Estimated, of plus - minus.
  double unit = 0;             // What one more event adds, at most.
};

Moments moments_of(std::span<const StratumSample> strata) {
  Moments moments;
  for (const StratumSample& stratum : strata) {
    if (stratum.weight <= 0) continue;
    if (stratum.drawn <= 0) throw std::invalid_argument("a stratum of the estimate has no draws");
    const auto drawn = static_cast<double>(stratum.drawn);
    const auto squares = static_cast<double>(stratum.squares);
    const auto sum = static_cast<double>(stratum.plus - stratum.minus);
    const double scale = stratum.weight / drawn;
    const double unseen = std::max(0.0, 1 - drawn / stratum.population);
    moments.plus += scale * static_cast<double>(stratum.plus);
    moments.minus += scale * static_cast<double>(stratum.minus);
    // Half a square is kept where all draws agree on an event: they are few.
    const double spread = squares - sum * sum / drawn + squares / (2 * drawn);
    moments.variance += scale * scale * unseen * spread;
    moments.unit = std::max(moments.unit, scale * std::sqrt(unseen));
  }
  return moments;
}

// Of values that are counted in events of this size; `unit` is one event whatever its size.
Moments in_events(Moments moments, double event) {
  moments.plus /= event;
  moments.minus /= event;
  moments.variance /= event * event;
  return moments;
}

double lower_limit(const Moments& m, double tail) {
  const double rate = m.plus;
  if (rate <= 0) return 0;
  const double unit = m.variance / (rate * std::max(1 - rate, kLeastSpread));
  if (unit < kNegligibleUnit) return rate;
  const double events = rate / unit, others = (1 - rate) / unit;
  return boost::math::quantile(boost::math::beta_distribution<>(events, std::max(others, 0.0) + 1),
                               tail);
}

double upper_limit(const Moments& m, double tail) {
  const double rate = m.plus, raised = rate + m.unit;
  const double left = std::max(1 - rate, kLeastSpread);
  const double variance = m.variance + m.unit * m.unit;
  if (variance <= 0) return rate;
  const double unit = variance / (raised * left);
  if (unit < kNegligibleUnit) return rate;
  if (rate >= 1) return 1;
  return boost::math::quantile(boost::math::complement(
      boost::math::beta_distribution<>(raised / unit, (1 - rate) / unit), tail));
}

}  // namespace

Estimate stratified_proportion(std::span<const StratumSample> strata, double confidence) {
  const Moments m = moments_of(strata);
  const double tail = (1 - confidence) / 2;
  return {m.plus, {lower_limit(m, tail), upper_limit(m, tail)}};
}

Estimate stratified_difference(std::span<const StratumSample> strata, double confidence,
                               double event) {
  const Moments m = in_events(moments_of(strata), event);
  const double value = m.plus - m.minus, events = m.plus + m.minus;
  const auto in_values = [event](double mean, const Interval& interval) {
    return Estimate{mean * event, {interval.low * event, interval.high * event}};
  };
  if (m.variance <= 0 && m.unit <= 0) return in_values(value, {value, value});
  // The trials whose variance (events - value^2) / trials is that of the sample, one event added.
  const double spread = events > 0 ? std::max(1 - value * value / events, kLeastSpread) : 1.0;
  const double unit = (m.variance + m.unit * m.unit) / ((events + m.unit) * spread);
  if (unit < kNegligibleUnit) return in_values(value, {value, value});
  // Values beyond +-1 can add up to more than one event for each trial.
  const double fit = events > 1 ? 1 / events : 1;
  const Interval scaled = effective_difference_interval(m.plus * fit / unit, m.minus * fit / unit,
                                                        1 / unit, confidence);
  return in_values(value, {scaled.low / fit, scaled.high / fit});
}

}  // namespace deepaxe::fault
