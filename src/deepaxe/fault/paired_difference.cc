#include <algorithm>
#include <array>
#include <cmath>

#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {
namespace {

int vulnerability_of(Outcome outcome) {
  return (outcome == Outcome::kHarmful) - (outcome == Outcome::kBeneficial);
}

// Pairs by a's value minus b's: SDC in [-1, 1], vulnerability in [-2, 2].
struct DifferenceCounts {
  std::array<std::int64_t, 3> sdc{};
  std::array<std::int64_t, 5> vulnerability{};

  void add(const Outcome* a, const Outcome* b) {
    ++sdc[static_cast<std::size_t>((a != nullptr) - (b != nullptr) + 1)];
    const int value_a = a != nullptr ? vulnerability_of(*a) : 0;
    const int value_b = b != nullptr ? vulnerability_of(*b) : 0;
    ++vulnerability[static_cast<std::size_t>(value_a - value_b + 2)];
  }
};

DifferenceCounts count_differences(std::span<const ClassChange> a, std::span<const ClassChange> b,
                                   std::uint64_t pairs) {
  DifferenceCounts counts;
  std::size_t i = 0, j = 0;
  while (true) {
    const bool has_a = i < a.size() && a[i].pair < pairs;
    const bool has_b = j < b.size() && b[j].pair < pairs;
    if (!has_a && !has_b) return counts;
    const bool take_a = has_a && (!has_b || a[i].pair <= b[j].pair);
    const bool take_b = has_b && (!has_a || b[j].pair <= a[i].pair);
    counts.add(take_a ? &a[i].outcome : nullptr, take_b ? &b[j].outcome : nullptr);
    i += take_a;
    j += take_b;
  }
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

}  // namespace deepaxe::fault
