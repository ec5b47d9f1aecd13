#include "deepaxe/fault/interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <vector>

namespace deepaxe::fault {
namespace {

// Log-likelihood of (plus, minus, rest) with P(minus) = q, P(plus) = q + delta, up to a constant.
double log_likelihood(double plus, double minus, double n, double q, double delta) {
  const auto term = [](double count, double p) {
    return count == 0 ? 0 : count * std::log(std::max(p, 1e-300));
  };
  return term(plus, q + delta) + term(minus, q) + term(n - plus - minus, 1 - 2 * q - delta);
}

// The score statistic with its nuisance parameter found by search, not by Tango's formula.
double brute_score(double plus, double minus, double n, double delta) {
  double low = std::max(0.0, -delta), high = (1 - delta) / 2;
  for (int i = 0; i < 200; ++i) {  // The likelihood is concave in q: ternary search.
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    const bool rises =
        log_likelihood(plus, minus, n, a, delta) < log_likelihood(plus, minus, n, b, delta);
    (rises ? low : high) = rises ? a : b;
  }
  const double q = (low + high) / 2;
  return (plus - minus - n * delta) / std::sqrt(n * (2 * q + delta - delta * delta));
}

TEST(ClopperPearson, HasClosedFormsWithoutSuccessesAndWithoutFailures) {
  const double limit = 1 - std::pow(0.025, 1.0 / 50);
  const Interval none = clopper_pearson(0, 50);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, limit, 1e-12);
  const Interval all = clopper_pearson(50, 50);
  EXPECT_NEAR(all.low, 1 - limit, 1e-12);
  EXPECT_EQ(all.high, 1);
}

// Its definition: at each end the binomial tail beyond what was seen is alpha / 2.
TEST(ClopperPearson, LeavesHalfOfAlphaInEachTail) {
  const Interval interval = clopper_pearson(3, 20);
  const auto at_most = [](int k, double p) {
    double sum = 0;
    for (int i = 0; i <= k; ++i) {
      sum += std::exp(std::lgamma(21) - std::lgamma(i + 1) - std::lgamma(21 - i)) * std::pow(p, i) *
             std::pow(1 - p, 20 - i);
    }
    return sum;
  };
  EXPECT_NEAR(at_most(3, interval.high), 0.025, 1e-9);
  EXPECT_NEAR(1 - at_most(2, interval.low), 0.025, 1e-9);
}

TEST(ClopperPearson, KnowsNothingWithoutTrialsAndRefusesNonsense) {
  EXPECT_EQ(clopper_pearson(0, 0).low, 0);
  EXPECT_EQ(clopper_pearson(0, 0).high, 1);
  EXPECT_THROW(clopper_pearson(3, 2), std::invalid_argument);
}

TEST(DifferenceInterval, EndsWhereTheScoreTestRejects) {
  constexpr double kZ = 1.959963984540054;
  const int cases[][3] = {{1, 0, 44}, {12, 5, 100}, {3, 9, 30}, {40, 2, 5000}};
  for (const auto& [plus, minus, n] : cases) {
    const Interval interval = difference_interval(plus, minus, n);
    EXPECT_NEAR(brute_score(plus, minus, n, interval.low), kZ, 1e-4);
    EXPECT_NEAR(brute_score(plus, minus, n, interval.high), -kZ, 1e-4);
  }
}

TEST(DifferenceInterval, HasAClosedFormWithoutDiscordantTrials) {
  constexpr double kZ2 = 1.959963984540054 * 1.959963984540054;
  const Interval interval = difference_interval(0, 0, 1000);
  EXPECT_NEAR(interval.high, kZ2 / (1000 + kZ2), 1e-9);
  EXPECT_NEAR(interval.low, -kZ2 / (1000 + kZ2), 1e-9);
}

TEST(DifferenceInterval, MirrorsWhenPlusAndMinusSwap) {
  const Interval a = difference_interval(7, 2, 400), b = difference_interval(2, 7, 400);
  EXPECT_NEAR(a.low, -b.high, 1e-12);
  EXPECT_NEAR(a.high, -b.low, 1e-12);
  EXPECT_THROW(difference_interval(3, 3, 5), std::invalid_argument);
}

SampleMean sample_of(std::initializer_list<double> values) {
  SampleMean sample;
  for (const double value : values) sample.add(value);
  return sample;
}

// Quantiles 0.975 of t with 1 and 4 degrees of freedom: 12.706 and 2.776 in every table.
TEST(StudentT, MatchesTheTableOfQuantiles) {
  EXPECT_NEAR(student_t(sample_of({0, 2})).high, 1 + 12.7062, 1e-3);
  EXPECT_NEAR(student_t(sample_of({1, 2, 3, 4, 5})).half_width(), 2.77645 * std::sqrt(2.5 / 5),
              1e-4);
  EXPECT_THROW(student_t(sample_of({7})), std::invalid_argument);
}

// Around 10^9 the naive sum of squares loses every digit of the variance.
TEST(SampleMean, KeepsTheSpreadOfValuesFarFromZero) {
  const SampleMean sample = sample_of({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4});
  EXPECT_DOUBLE_EQ(sample.mean(), 1e9 + 2.5);
  EXPECT_DOUBLE_EQ(sample.variance(), 5.0 / 3);
  EXPECT_FALSE(sample.is_constant());
  EXPECT_TRUE(sample_of({0.1, 0.1, 0.1}).is_constant());
  EXPECT_EQ(sample_of({0.1, 0.1, 0.1}).mean(), 0.1);
}

TEST(Leveugle, MatchesTheFormulaAndItsLimits) {
  EXPECT_EQ(leveugle_sample_size(1'000'000, 0.01), 9513U);
  EXPECT_EQ(leveugle_sample_size(1U << 30, 0.01), 9604U);  // 1.96^2 / 4 / 0.01^2, rounded up.
  EXPECT_EQ(leveugle_sample_size(1, 0.01), 1U);
  EXPECT_EQ(leveugle_sample_size(0, 0.01), 0U);
  EXPECT_THROW(leveugle_sample_size(10, 0), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::fault
