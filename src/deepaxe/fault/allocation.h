// Allocation: how many of the pairs each stratum gets, so that the estimate is as sharp as can be.
// Sources: Neyman, J. Royal Statistical Society 97, 1934 (in proportion to weight times standard
// deviation); Hesterberg, Technometrics 37, 1995 (a part in proportion to weight alone).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "deepaxe/fault/stratified_estimate.h"

namespace deepaxe::fault {

/// The least share of the pairs that is in proportion to the weights alone: no stratum is drawn
/// more than twice as thinly as a uniform sample draws it, so no network has more than twice the
/// variance of one.
inline constexpr double kLeastProportionalShare = 0.5;

/// How likely a flip of `bit` changes the class before anything is known, up to a factor: three
/// times more for each higher bit, as in LeNet-5 and MLPs (docs/faults.md), of wide words the lower
/// bits sharing the least value; and an eighth for each class of images, where each of LeNet-5's
/// has a tenth of the one before, or less. Requires 0 <= bit < bits.
double prior_rate(int bit, int bits, std::size_t image_class) noexcept;

/// Shares of `pairs` pairs by stratum, summing to 1. `pilot` may be a few draws or none (drawn = 0)
/// of each stratum, counted by `plus`: each stratum's rate starts from its prior rate, to the power
/// in [0, 1] and the scale that fit the pilot, with the weight of two events. The proportional
/// share is the one that makes the interval of stratified_estimate.h narrowest. With few events to
/// come it is 1, for there an event of a thinly drawn stratum would weigh most; so it is where all
/// of this gains less than a tenth of the width. Requires weights that sum to 1.
std::vector<double> allocate(std::span<const StratumSample> pilot,
                             std::span<const double> prior_rates, double pairs);

}  // namespace deepaxe::fault
