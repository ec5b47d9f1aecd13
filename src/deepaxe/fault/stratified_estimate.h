// StratifiedEstimate: a rate of the whole fault space from samples of its strata, with an interval.
// Sources: Fay and Feuer, Statistics in Medicine 16, 1997 (one more event of the largest weight);
// Korn and Graubard, Survey Methodology 24, 1998 (intervals of effective counts); Cochran,
// "Sampling Techniques", 1977 (stratified variance, finite populations).
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "deepaxe/fault/interval.h"

namespace deepaxe::fault {

/// What was drawn of one stratum, without replacement. Each draw has an integer value; a proportion
/// has the values 0 and 1, a difference also negative ones.
struct StratumSample {
  double weight = 0;  ///< Its share of the population; the weights of all strata sum to 1.
  double population = std::numeric_limits<double>::infinity();  ///< Draws that it has.
  std::int64_t drawn = 0;                                       ///< At least 1 where weight > 0.
  std::int64_t plus = 0;                                        ///< Sum of the positive values.
  std::int64_t minus = 0;    ///< Sum of the negative ones, without their sign.
  std::int64_t squares = 0;  ///< Sum of the squared values.
};

struct Estimate {
  double value = 0;
  Interval interval;
};

/// Sum of weight * (plus / drawn). The interval is that of Clopper and Pearson with as many trials
/// as would give this variance; above, one more event of the largest weight is added before, so
/// that rare events of thinly sampled strata are allowed for. A point where every stratum is
/// exhausted. Throws std::invalid_argument for a stratum without draws.
Estimate stratified_proportion(std::span<const StratumSample> strata, double confidence = 0.95);

/// Sum of weight * (plus - minus) / drawn: Tango's score interval, in the same way. `event` is the
/// size of one event, hence of one more.
Estimate stratified_difference(std::span<const StratumSample> strata, double confidence = 0.95,
                               double event = 1);

}  // namespace deepaxe::fault
