// Metrics: figures of a campaign beyond its rates: SDC of right classifications, critical and worst
// faults, failures in time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/stratified_estimate.h"

namespace deepaxe::fault {

/// Of the pairs whose image is classified right without a fault: the share whose class changes,
/// harmful rate / accuracy. Images are not sampled, hence the same for the interval. Empty if no
/// image is classified right.
std::optional<Estimate> sdc_of_right(const CampaignResult& result);

/// Share of faults that harm at least `share` of the images, and at least one: of faults tried on
/// all images.
class CriticalFaults {
 public:
  explicit CriticalFaults(double share) : share_(share) {}
  void add(const FaultCounts& fault) noexcept;
  /// Of all faults asked about (a point), or of a sample (Clopper-Pearson).
  Estimate estimate(bool is_all) const;

 private:
  double share_;
  std::int64_t critical_ = 0, tried_ = 0;
};

/// The `count` worst faults of those added: most harmful less beneficial, then most class changes,
/// then the lower fault. Holds no more than these.
class WorstFaults {
 public:
  explicit WorstFaults(std::size_t count) : count_(count) {}
  void add(const FaultCounts& fault);
  std::vector<FaultCounts> ranked() const;  ///< Worst first.

 private:
  std::size_t count_;
  std::vector<FaultCounts> heap_;  // The least bad one in front.
};

struct FitParams {
  double raw_per_mbit = 0;        ///< Upsets of 10^6 bits in 10^9 hours.
  std::vector<double> residency;  ///< By tensor: live values at a time in the mean, >= 0.
};

/// Failures (class changes) in 10^9 hours of the bits of the space: raw rate x sum over tensors of
/// bits x residency x SDC rate. With unequal residencies the interval is that of the strata
/// (tensor, bit); empty where one of them has no pair. Sampled whole faults and unequal residencies
/// have no interval: empty.
std::optional<Estimate> failures_in_time(const CampaignResult& result, Sampling sampling,
                                         const FaultSpace& space, const FitParams& params);

}  // namespace deepaxe::fault
