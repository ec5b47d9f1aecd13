#include "deepaxe/fault/outcome.h"

#include <algorithm>
#include <numeric>

namespace deepaxe::fault {

std::int64_t OutcomeCounts::pairs() const noexcept {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

std::int64_t OutcomeCounts::sdc() const noexcept {
  return (*this)[Outcome::kHarmful] + (*this)[Outcome::kBeneficial] + (*this)[Outcome::kNeutral];
}

OutcomeCounts& OutcomeCounts::operator+=(const OutcomeCounts& other) noexcept {
  for (std::size_t i = 0; i < kNumOutcomes; ++i) counts[i] += other.counts[i];
  return *this;
}

double sdc_rate(const OutcomeCounts& counts) noexcept {
  return static_cast<double>(counts.sdc()) /
         static_cast<double>(std::max<std::int64_t>(counts.pairs(), 1));
}

double vulnerability(const OutcomeCounts& counts) noexcept {
  return static_cast<double>(counts[Outcome::kHarmful] - counts[Outcome::kBeneficial]) /
         static_cast<double>(std::max<std::int64_t>(counts.pairs(), 1));
}

}  // namespace deepaxe::fault
