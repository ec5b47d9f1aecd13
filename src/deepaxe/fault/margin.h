// Margin: how far the logit of the class stands above the next one, and what faults take of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/fault/stratified_estimate.h"

namespace deepaxe::fault {

/// logits[class_index] less the largest of the others, in codes, in [-255, 255]; 0 for one logit.
int margin_of(std::span<const std::int8_t> logits, int class_index);

/// What a pair can lose: from a golden margin of 0 up to 255 to one of 255 down to -255.
inline constexpr int kLeastLoss = -255, kMostLoss = 510;

/// Losses of some pairs: margin without the fault less margin with it, both of the golden class, in
/// codes. Below 0 where the fault widens it. Sums over any split of a campaign are the campaign's.
struct LossSums {
  std::int64_t lost = 0;     ///< Sum of the losses above 0.
  std::int64_t gained = 0;   ///< Sum of those below 0, without their sign.
  std::int64_t squares = 0;  ///< Sum of the squares of all.
  int largest = 0;           ///< Without its sign.

  void add(int loss) noexcept;
  LossSums& operator+=(const LossSums& other) noexcept;
  bool operator==(const LossSums&) const = default;
};

/// Of a campaign that measured it.
struct MarginLoss {
  Estimate loss;                     ///< Mean over the pairs of the space, in codes.
  std::vector<LossSums> by_stratum;  ///< As CampaignResult::by_stratum.
  std::int64_t golden_margins = 0;   ///< Sum over the images, without a fault, in codes.
};

/// A sample of these losses, as stratified estimates take it.
StratumSample loss_sample(const LossSums& losses, std::int64_t drawn, double weight,
                          double population);

/// Mean loss of a population of strata (plus: lost, minus: gained): the interval is that of
/// stratified_difference, one more event being as large as the largest loss seen. Where none was
/// seen, one more pair could lose kMostLoss.
Estimate mean_loss(std::span<const StratumSample> strata, int largest, double confidence = 0.95);

}  // namespace deepaxe::fault
