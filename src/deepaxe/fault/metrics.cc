#include "deepaxe/fault/metrics.h"

#include <algorithm>
#include <tuple>

#include "deepaxe/base/assertion.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {
namespace {

constexpr double kBitsPerMbit = 1e6;

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor,
          {estimate.interval.low * factor, estimate.interval.high * factor}};
}

bool is_worse(const FaultCounts& a, const FaultCounts& b) {
  const auto goodness = [](const FaultCounts& fault) {
    const OutcomeCounts& c = fault.counts;
    return std::tuple(c[Outcome::kBeneficial] - c[Outcome::kHarmful], -c.sdc(), fault.fault);
  };
  return goodness(a) < goodness(b);
}

// Bits weighted by residency.
double live_bits(const FaultSpace& space, const std::vector<double>& residency) {
  double bits = 0;
  for (std::size_t t = 0; t < residency.size(); ++t) {
    const FaultTensor& tensor = space.tensors()[t];
    bits += static_cast<double>(tensor.num_faults()) * residency[t];
  }
  return bits;
}

// Where each class of images begins.
std::vector<std::uint32_t> class_bounds(const CampaignResult& result) {
  std::vector<std::uint32_t> bounds = {0};
  for (const std::uint32_t size : result.class_sizes) bounds.push_back(bounds.back() + size);
  return bounds;
}

// [stratum]: the residency of its tensor.
std::vector<double> by_stratum(const FaultSpace& space, const std::vector<double>& residency,
                               std::size_t num_classes) {
  std::vector<double> shares;
  for (std::size_t t = 0; t < residency.size(); ++t) {
    const auto rows = static_cast<std::size_t>(space.tensors()[t].bits);
    shares.insert(shares.end(), rows * num_classes, residency[t]);
  }
  return shares;
}

// The strata, weighted by how much of the time they are live; empty if one has no pair.
std::vector<StratumSample> live_samples(const CampaignResult& result, Sampling sampling,
                                        const FaultSpace& space,
                                        const std::vector<double>& residency) {
  const double live = live_bits(space, residency) / static_cast<double>(space.size());
  const std::vector<Stratum> strata = strata_of(space, class_bounds(result));
  const std::vector<double> shares = by_stratum(space, residency, result.class_sizes.size());
  std::vector<StratumSample> samples;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    const OutcomeCounts& counts = result.by_stratum[h];
    StratumSample& sample = samples.emplace_back();
    sample.weight = strata[h].weight * shares[h] / live;
    if (sampling != Sampling::kUniformPairs) {
      sample.population = static_cast<double>(strata[h].num_pairs());
    }
    sample.drawn = counts.pairs();
    sample.plus = sample.squares = counts.sdc();
    if (sample.weight > 0 && sample.drawn == 0) return {};
  }
  return samples;
}

}  // namespace

std::optional<Estimate> sdc_of_right(const CampaignResult& result) {
  if (result.golden_correct == 0) return std::nullopt;
  const double harmful = result.outcome_rates[static_cast<std::size_t>(Outcome::kHarmful)];
  Estimate estimate =
      scaled({harmful, result.harmful_interval},
             static_cast<double>(result.images) / static_cast<double>(result.golden_correct));
  estimate.interval.high = std::min(estimate.interval.high, 1.0);
  return estimate;
}

void CriticalFaults::add(const FaultCounts& fault) noexcept {
  const std::int64_t harmful = fault.counts[Outcome::kHarmful];
  ++tried_;
  // A quotient: 7 of 100 then is 0.07 to the last bit, where 0.07 * 100 is more than 7.
  critical_ += harmful > 0 &&
               static_cast<double>(harmful) / static_cast<double>(fault.counts.pairs()) >= share_;
}

Estimate CriticalFaults::estimate(bool is_all) const {
  const double rate =
      tried_ == 0 ? 0 : static_cast<double>(critical_) / static_cast<double>(tried_);
  return {rate, is_all ? Interval{rate, rate} : clopper_pearson(critical_, tried_)};
}

void WorstFaults::add(const FaultCounts& fault) {
  if (count_ == 0 || (heap_.size() == count_ && !is_worse(fault, heap_.front()))) return;
  if (heap_.size() == count_) {
    std::pop_heap(heap_.begin(), heap_.end(), is_worse);
    heap_.back() = fault;
  } else {
    heap_.push_back(fault);
  }
  std::push_heap(heap_.begin(), heap_.end(), is_worse);
}

std::vector<FaultCounts> WorstFaults::ranked() const {
  std::vector<FaultCounts> ranked = heap_;
  std::sort(ranked.begin(), ranked.end(), is_worse);
  return ranked;
}

std::optional<Estimate> failures_in_time(const CampaignResult& result, Sampling sampling,
                                         const FaultSpace& space, const FitParams& params) {
  const std::vector<double>& residency = params.residency;
  DEEPAXE_ASSERT(residency.size() == space.tensors().size());
  const double raw = params.raw_per_mbit * live_bits(space, residency) / kBitsPerMbit;
  if (raw <= 0) return Estimate{};
  if (sampling == Sampling::kFaultList) return std::nullopt;
  if (sampling != Sampling::kDeepaxe2023 &&
      std::all_of(residency.begin(), residency.end(),
                  [&](double share) { return share == residency.front(); })) {
    return scaled({result.sdc_rate, result.sdc_interval}, raw);
  }
  if (sampling != Sampling::kUniformPairs && sampling != Sampling::kStratified &&
      sampling != Sampling::kCensus) {
    return std::nullopt;
  }
  const std::vector<StratumSample> samples = live_samples(result, sampling, space, residency);
  if (samples.empty()) return std::nullopt;
  return scaled(stratified_proportion(samples), raw);
}

}  // namespace deepaxe::fault
