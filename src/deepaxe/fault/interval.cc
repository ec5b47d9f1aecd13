#include "deepaxe/fault/interval.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace deepaxe::fault {
namespace {

// Two-sided critical value of the standard normal distribution.
double critical_z(double confidence) {
  return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
}

void require_counts(std::int64_t part, std::int64_t trials) {
  if (part < 0 || part > trials) throw std::invalid_argument("more successes than trials");
}

// Tango's score statistic for the hypothesis that the difference is `delta`; falls with delta.
// The nuisance probability of a minus is its maximum-likelihood value under the hypothesis.
double tango_score(double plus, double minus, double n, double delta) {
  const double a = 2 * n;
  const double b = -plus - minus + (2 * n - plus + minus) * delta;
  const double c = -minus * delta * (1 - delta);
  const double root = std::sqrt(std::max(0.0, b * b - 4 * a * c));
  // The same root of the quadratic twice; each form is free of cancellation on its side.
  const double q = b > 0 ? -2 * c / (b + root) : (root - b) / (2 * a);
  const double variance = n * (2 * q + delta * (1 - delta));
  const double numerator = plus - minus - n * delta;
  if (variance > 0) return numerator / std::sqrt(variance);
  if (numerator == 0) return 0;
  return std::copysign(std::numeric_limits<double>::infinity(), numerator);
}

// The delta in [low, high] at which the falling score crosses `target`.
double solve_tango(double plus, double minus, double n, double target, double low, double high) {
  constexpr int kSteps = 60;  // 2 * 2^-60: below the resolution of any rate.
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (low + high) / 2;
    (tango_score(plus, minus, n, middle) > target ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Interval clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence) {
  require_counts(successes, trials);
  if (trials == 0) return {0, 1};
  const double tail = (1 - confidence) / 2;
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  using boost::math::beta_distribution;
  return {successes == 0 ? 0.0 : boost::math::quantile(beta_distribution<>(k, n - k + 1), tail),
          successes == trials ? 1.0
                              : boost::math::quantile(boost::math::complement(
                                    beta_distribution<>(k + 1, n - k), tail))};
}

Interval difference_interval(std::int64_t plus, std::int64_t minus, std::int64_t trials,
                             double confidence) {
  if (minus < 0) throw std::invalid_argument("negative count");
  require_counts(plus, trials - minus);
  return effective_difference_interval(static_cast<double>(plus), static_cast<double>(minus),
                                       static_cast<double>(trials), confidence);
}

Interval effective_difference_interval(double plus, double minus, double trials,
                                       double confidence) {
  if (trials <= 0) return {-1, 1};
  const double z = critical_z(confidence);
  const double estimate = (plus - minus) / trials;
  return {solve_tango(plus, minus, trials, z, -1, estimate),
          solve_tango(plus, minus, trials, -z, estimate, 1)};
}

void SampleMean::add(double value) noexcept {
  ++count_;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
  least_ = count_ == 1 ? value : std::min(least_, value);
  most_ = count_ == 1 ? value : std::max(most_, value);
}

double SampleMean::variance() const noexcept {
  return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1);
}

Interval student_t(const SampleMean& values, double confidence) {
  const auto n = static_cast<double>(values.count());
  if (n < 2) throw std::invalid_argument("Student's t of fewer than two values");
  const double error = std::sqrt(values.variance() / n);
  const double t = boost::math::quantile(boost::math::students_t(n - 1), 0.5 + confidence / 2);
  return {values.mean() - t * error, values.mean() + t * error};
}

std::uint64_t leveugle_sample_size(std::uint64_t population, double margin, double confidence) {
  if (!(margin > 0) || !(confidence > 0 && confidence < 1)) {
    throw std::invalid_argument("margin and confidence must be positive, confidence below 1");
  }
  if (population == 0) return 0;
  const auto n = static_cast<double>(population);
  const double z = critical_z(confidence);
  const double size = n / (1 + margin * margin * (n - 1) / (z * z * 0.25));
  return std::min(population, static_cast<std::uint64_t>(std::ceil(size)));
}

}  // namespace deepaxe::fault
