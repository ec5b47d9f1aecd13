// RowRate: the SDC rate of one row of the space, a bit of a tensor, whatever the plan of the pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/fault/campaign.h"

namespace deepaxe::fault {

/// Fewer pairs say nothing of a rate.
inline constexpr std::int64_t kLeastPairs = 30;

struct RowRate {
  std::int64_t pairs = 0;
  /// Mean over the images, whose classes may be met unevenly; empty: a class without any pair.
  std::optional<double> sdc;
};

/// Of pairs that met all images evenly.
RowRate row_rate(const OutcomeCounts& counts) noexcept;

/// [row]
std::vector<RowRate> row_rates(const CampaignResult& result);

/// The pairs of a row, of all classes together.
OutcomeCounts row_counts(const CampaignResult& result, std::size_t row);

/// Empty if known of fewer than kLeastPairs pairs.
std::optional<double> rate_if_known(const RowRate& rate) noexcept;

/// A tensor's rate, or that of some of its bits: the mean of the bits' rates, for bits may be
/// sampled unevenly. Empty as above, or if a bit has none.
std::optional<double> mean_rate(std::span<const RowRate> by_bit) noexcept;

/// Mean loss of margin of a row, in codes; empty where it was not measured or is not known.
std::optional<double> row_margin_loss(const CampaignResult& result, std::size_t row);

}  // namespace deepaxe::fault
