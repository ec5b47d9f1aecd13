// Confidence intervals and sample sizes of fault campaigns.
// Sources: Clopper and Pearson, Biometrika 26, 1934; Tango, Statistics in Medicine 17, 1998;
// Leveugle et al., "Statistical fault injection", DATE 2009.
#pragma once

#include <cstdint>

namespace deepaxe::fault {

struct Interval {
  double low = 0;
  double high = 0;
  double half_width() const noexcept { return (high - low) / 2; }
  bool contains(double value) const noexcept { return low <= value && value <= high; }
};

/// Exact interval of a proportion: `successes` of `trials` independent draws. [0, 1] for no trials.
Interval clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence = 0.95);

/// Score interval of (plus - minus) / trials, each trial giving +1, -1 or 0 (Tango 1998): used for
/// vulnerability (harmful, beneficial) and for paired differences of two designs. [-1, 1] for no
/// trials.
Interval difference_interval(std::int64_t plus, std::int64_t minus, std::int64_t trials,
                             double confidence = 0.95);
/// The same of effective counts, which need not be whole.
Interval effective_difference_interval(double plus, double minus, double trials,
                                       double confidence = 0.95);

/// Mean and spread of values given one by one (Welford, Technometrics 4, 1962).
class SampleMean {
 public:
  void add(double value) noexcept;
  std::int64_t count() const noexcept { return count_; }
  double mean() const noexcept { return mean_; }
  double variance() const noexcept;  ///< Unbiased; 0 for fewer than two values.
  bool is_constant() const noexcept { return least_ == most_; }

 private:
  std::int64_t count_ = 0;
  double mean_ = 0, squares_ = 0;  // Sum of the squared distances from the mean.
  double least_ = 0, most_ = 0;
};

/// Student t interval of the mean of independent values. Outcomes of faults are extremely skewed:
/// with few faults it covers less than it says; used only where whole faults are the sample.
/// Requires at least two values.
Interval student_t(const SampleMean& values, double confidence = 0.95);

/// Leveugle's number of faults for a margin (fraction) and confidence in a space of `population`,
/// at the worst case p = 0.5, rounded up.
std::uint64_t leveugle_sample_size(std::uint64_t population, double margin,
                                   double confidence = 0.95);

}  // namespace deepaxe::fault
