#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/stratified_estimate.h"

namespace deepaxe::fault {
namespace {

// Of an unchanged class: 0.
int value_of(const Outcome* outcome) {
  if (outcome == nullptr) return 0;
  return (*outcome == Outcome::kHarmful) - (*outcome == Outcome::kBeneficial);
}

// Pairs by a's value minus b's: SDC in [-1, 1], vulnerability in [-2, 2].
struct DifferenceCounts {
  std::array<std::int64_t, 3> sdc{};
  std::array<std::int64_t, 5> vulnerability{};

  void add(const Outcome* a, const Outcome* b) {
    ++sdc[static_cast<std::size_t>((a != nullptr) - (b != nullptr) + 1)];
    ++vulnerability[static_cast<std::size_t>(value_of(a) - value_of(b) + 2)];
  }
};

// Calls visit(pair, a's outcome, b's outcome) for each pair that either changed, in order; null for
// the one that did not.
template <typename Visit>
void for_each_change(std::span<const ClassChange> a, std::span<const ClassChange> b, Visit visit) {
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool take_a = i < a.size() && (j == b.size() || a[i].pair <= b[j].pair);
    const bool take_b = j < b.size() && (i == a.size() || b[j].pair <= a[i].pair);
    visit(take_a ? a[i].pair : b[j].pair, take_a ? &a[i].outcome : nullptr,
          take_b ? &b[j].outcome : nullptr);
    i += take_a;
    j += take_b;
  }
}

DifferenceCounts count_differences(std::span<const ClassChange> a, std::span<const ClassChange> b,
                                   std::uint64_t pairs) {
  DifferenceCounts counts;
  for_each_change(a, b, [&](std::uint64_t pair, const Outcome* of_a, const Outcome* of_b) {
    if (pair < pairs) counts.add(of_a, of_b);
  });
  return counts;
}

void add_value(std::int64_t value, StratumSample& sample) {
  (value > 0 ? sample.plus : sample.minus) += std::abs(value);
  sample.squares += value * value;
}

// Widens the interval around `center` by `factor`, within what a difference can be.
Interval stretch(const Interval& interval, double center, double factor, double bound) {
  return {std::max(-bound, center - (center - interval.low) * factor),
          std::min(bound, center + (interval.high - center) * factor)};
}

void fill_vulnerability(const std::array<std::int64_t, 5>& counts, PairedDifference& difference) {
  const std::int64_t plus = counts[3] + 2 * counts[4], minus = counts[1] + 2 * counts[0];
  const auto pairs = static_cast<std::int64_t>(difference.pairs);
  difference.vulnerability = static_cast<double>(plus - minus) / static_cast<double>(pairs);
  // Counting a 2 as two ones has variance 2 where the truth is 4. (The clamp matters only where
  // most pairs change, far outside any use.)
  const std::int64_t units_plus = std::min(plus, pairs);
  const std::int64_t units_minus = std::min(minus, pairs - units_plus);
  const Interval interval = difference_interval(units_plus, units_minus, pairs);
  const auto counted = static_cast<double>(plus + minus);
  const auto actual = static_cast<double>(counts[1] + counts[3] + 4 * (counts[0] + counts[4]));
  const double factor = counted > 0 ? std::sqrt(actual / counted) : 1;
  difference.vulnerability_interval = stretch(interval, difference.vulnerability, factor, 2);
}

}  // namespace

PairedDifference paired_difference(std::span<const ClassChange> a, std::uint64_t pairs_a,
                                   std::span<const ClassChange> b, std::uint64_t pairs_b) {
  PairedDifference difference;
  difference.pairs = std::min(pairs_a, pairs_b);
  difference.sdc_interval = difference.vulnerability_interval = {-1, 1};
  if (difference.pairs == 0) return difference;
  const DifferenceCounts counts = count_differences(a, b, difference.pairs);
  const auto pairs = static_cast<std::int64_t>(difference.pairs);
  difference.sdc_rate =
      static_cast<double>(counts.sdc[2] - counts.sdc[0]) / static_cast<double>(pairs);
  difference.sdc_interval = difference_interval(counts.sdc[2], counts.sdc[0], pairs);
  fill_vulnerability(counts.vulnerability, difference);
  return difference;
}

PairedDifference paired_difference(std::span<const ClassChange> a, std::span<const ClassChange> b,
                                   std::span<const CommonStratum> strata) {
  PairedDifference difference;
  std::vector<StratumSample> sdc;
  for (const CommonStratum& stratum : strata) {
    const std::uint64_t common = std::min(stratum.drawn_a, stratum.drawn_b);
    difference.pairs += common;
    sdc.push_back({.weight = stratum.weight,
                   .population = stratum.population,
                   .drawn = static_cast<std::int64_t>(common)});
  }
  std::vector<StratumSample> vulnerability = sdc;
  for_each_change(a, b, [&](std::uint64_t pair, const Outcome* of_a, const Outcome* of_b) {
    const auto h = static_cast<std::size_t>(pair % strata.size());
    const auto index = static_cast<std::int64_t>(pair / strata.size());
    if (index >= sdc[h].drawn) return;
    add_value((of_a != nullptr) - (of_b != nullptr), sdc[h]);
    add_value(value_of(of_a) - value_of(of_b), vulnerability[h]);
  });
  const Estimate rates = stratified_difference(sdc);
  const Estimate drops = stratified_difference(vulnerability);
  difference.sdc_rate = rates.value;
  difference.sdc_interval = rates.interval;
  difference.vulnerability = drops.value;
  difference.vulnerability_interval = drops.interval;
  return difference;
}

}  // namespace deepaxe::fault
