#include "deepaxe/fault/row_rate.h"

namespace deepaxe::fault {
namespace {

// Mean over the images of what value_of(stratum) is for a pair of each class of one row; empty
// where a class has no pair.
template <typename Value>
std::optional<double> mean_over_images(const CampaignResult& result, std::size_t row,
                                       Value value_of) {
  const std::size_t num_classes = result.class_sizes.size();
  double sum = 0, images = 0;
  for (std::size_t c = 0; c < num_classes; ++c) {
    const std::size_t stratum = row * num_classes + c;
    if (result.by_stratum[stratum].pairs() == 0) return std::nullopt;
    sum += static_cast<double>(result.class_sizes[c]) * value_of(stratum);
    images += static_cast<double>(result.class_sizes[c]);
  }
  return sum / images;
}

}  // namespace

RowRate row_rate(const OutcomeCounts& counts) noexcept {
  if (counts.pairs() == 0) return {};
  return {counts.pairs(), sdc_rate(counts)};
}

std::vector<RowRate> row_rates(const CampaignResult& result) {
  std::vector<RowRate> rates;
  for (std::size_t row = 0; row < result.by_stratum.size() / result.class_sizes.size(); ++row) {
    rates.push_back(
        {row_counts(result, row).pairs(), mean_over_images(result, row, [&](std::size_t stratum) {
           return sdc_rate(result.by_stratum[stratum]);
         })});
  }
  return rates;
}

OutcomeCounts row_counts(const CampaignResult& result, std::size_t row) {
  const std::size_t num_classes = result.class_sizes.size();
  OutcomeCounts counts;
  for (std::size_t c = 0; c < num_classes; ++c) {
    counts += result.by_stratum[row * num_classes + c];
  }
  return counts;
}

std::optional<double> rate_if_known(const RowRate& rate) noexcept {
  return rate.pairs < kLeastPairs ? std::nullopt : rate.sdc;
}

std::optional<double> mean_rate(std::span<const RowRate> by_bit) noexcept {
  std::int64_t pairs = 0;
  double sum = 0;
  for (const RowRate& rate : by_bit) {
    if (!rate.sdc) return std::nullopt;
    pairs += rate.pairs;
    sum += *rate.sdc;
  }
  if (pairs < kLeastPairs) return std::nullopt;
  return sum / static_cast<double>(by_bit.size());
}

std::optional<double> row_margin_loss(const CampaignResult& result, std::size_t row) {
  if (!result.margin_loss || row_counts(result, row).pairs() < kLeastPairs) return std::nullopt;
  return mean_over_images(result, row, [&](std::size_t stratum) {
    const LossSums& sums = result.margin_loss->by_stratum[stratum];
    return static_cast<double>(sums.lost - sums.gained) /
           static_cast<double>(result.by_stratum[stratum].pairs());
  });
}

}  // namespace deepaxe::fault
