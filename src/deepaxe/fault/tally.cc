#include "deepaxe/fault/tally.h"

#include <algorithm>

namespace deepaxe::fault {

void merge(const std::vector<Tally>& tallies, CampaignResult& result) {
  for (const Tally& tally : tallies) {
    for (std::size_t i = 0; i < tally.by_tensor_bit.size(); ++i) {
      result.by_tensor_bit[i] += tally.by_tensor_bit[i];
      result.total += tally.by_tensor_bit[i];
    }
    result.changes.insert(result.changes.end(), tally.changes.begin(), tally.changes.end());
    result.work += tally.work;
    result.golden_correct += tally.golden_correct;
    result.rechecked += tally.rechecked;
  }
  std::sort(result.changes.begin(), result.changes.end(),
            [](const ClassChange& a, const ClassChange& b) { return a.pair < b.pair; });
}

OutcomeCounts FaultTable::at(std::size_t fault) const noexcept {
  OutcomeCounts counts;
  for (std::size_t i = 0; i < kColumns; ++i) {
    counts.counts[i] = counts_[fault * kColumns + i].load(std::memory_order_relaxed);
  }
  return counts;
}

}  // namespace deepaxe::fault
