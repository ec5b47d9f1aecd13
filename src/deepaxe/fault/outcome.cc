#include "deepaxe/fault/outcome.h"

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

}  // namespace deepaxe::fault
