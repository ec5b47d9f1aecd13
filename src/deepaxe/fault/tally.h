// Tally: the counts of a campaign, kept per thread and merged by integer sums.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "deepaxe/base/cache_line.h"
#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {

/// One of these for each thread; the sum does not depend on which thread did what.
struct alignas(base::kCacheLineBytes) Tally {
  std::vector<OutcomeCounts> by_stratum;
  std::vector<LossSums> losses;  ///< By stratum; all 0 where margins are not measured.
  std::vector<ClassChange> changes;
  SimulationWork work;
  std::int64_t golden_correct = 0;
  std::int64_t golden_margins = 0;  ///< Sum over the images.
  std::int64_t rechecked = 0;
};

/// Adds to the result; its `changes` are sorted, its totals are those of by_stratum.
void merge(const std::vector<Tally>& tallies, CampaignResult& result);

/// Counts of each fault (or draw), shared by all threads. Only outcomes an unprotected network can
/// have: kMasked to kNeutral.
class FaultTable {
 public:
  static constexpr std::size_t kColumns = 5;
  /// draws_of_each: of every fault, where that is known beforehand: what most draws come to is then
  /// not counted, but what is left in the end. 0: not known.
  FaultTable(std::size_t num_faults, bool measures_margin, std::uint32_t draws_of_each = 0)
      : counts_(num_faults * kColumns),
        losses_(measures_margin ? num_faults : 0),
        draws_of_each_(draws_of_each) {}

  void add(std::size_t fault, Outcome outcome) noexcept {
    if (draws_of_each_ > 0 && outcome == Outcome::kChangedSameClass) return;
    counts_[fault * kColumns + static_cast<std::size_t>(outcome)].fetch_add(
        1, std::memory_order_relaxed);
  }
  /// Requires measures_margin.
  void add_loss(std::size_t fault, int loss) noexcept {
    if (loss != 0) losses_[fault].fetch_add(loss, std::memory_order_relaxed);
  }
  std::size_t size() const noexcept { return counts_.size() / kColumns; }
  /// Named as `fault`, which need not be the number of its row. Requires all draws of a table that
  /// knows their number.
  FaultCounts at(std::size_t row, std::uint64_t fault) const noexcept;
  void clear() noexcept;

 private:
  std::vector<std::atomic<std::uint32_t>> counts_;
  std::vector<std::atomic<std::int64_t>> losses_;
  std::uint32_t draws_of_each_;
};

}  // namespace deepaxe::fault
