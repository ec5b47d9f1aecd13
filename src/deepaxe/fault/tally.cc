#include "deepaxe/fault/tally.h"

#include <algorithm>

#include "deepaxe/base/assertion.h"

namespace deepaxe::fault {

void merge(const std::vector<Tally>& tallies, CampaignResult& result) {
  for (const Tally& tally : tallies) {
    for (std::size_t i = 0; i < tally.by_stratum.size(); ++i) {
      result.by_stratum[i] += tally.by_stratum[i];
      result.total += tally.by_stratum[i];
    }
    result.changes.insert(result.changes.end(), tally.changes.begin(), tally.changes.end());
    result.work += tally.work;
    result.rechecked += tally.rechecked;
    result.golden_correct += tally.golden_correct;
    if (!result.margin_loss) continue;
    MarginLoss& margin = *result.margin_loss;
    for (std::size_t i = 0; i < tally.losses.size(); ++i) {
      margin.by_stratum[i] += tally.losses[i];
    }
    margin.golden_margins += tally.golden_margins;
  }
  std::sort(result.changes.begin(), result.changes.end(),
            [](const ClassChange& a, const ClassChange& b) { return a.pair < b.pair; });
}

FaultCounts FaultTable::at(std::size_t row, std::uint64_t fault) const noexcept {
  FaultCounts record{fault, {}, 0};
  for (std::size_t i = 0; i < kColumns; ++i) {
    record.counts.counts[i] = counts_[row * kColumns + i].load(std::memory_order_relaxed);
  }
  if (draws_of_each_ > 0) {
    const auto left = static_cast<std::int64_t>(draws_of_each_) - record.counts.pairs();
    DEEPAXE_ASSERT(left >= 0);
    record.counts[Outcome::kChangedSameClass] = left;
  }
  if (!losses_.empty()) record.margin_loss = losses_[row].load(std::memory_order_relaxed);
  return record;
}

void FaultTable::clear() noexcept {
  for (auto& count : counts_) count.store(0, std::memory_order_relaxed);
  for (auto& loss : losses_) loss.store(0, std::memory_order_relaxed);
}

}  // namespace deepaxe::fault
