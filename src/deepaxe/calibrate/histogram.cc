#include "deepaxe/calibrate/histogram.h"

#include <algorithm>
#include <numeric>

#include "deepaxe/calibrate/float_pass.h"

namespace deepaxe::calibrate {

Histogram::Histogram(const Range& range) : range_(range), counts_(kNumBins) {
  const double width = double{range.high} - double{range.low};
  if (width > 0) bins_per_unit_ = static_cast<double>(kNumBins) / width;
}

void Histogram::add(float value) noexcept {
  if (value == 0) {
    ++num_zeros_;
    return;
  }
  const double position = (double{value} - double{range_.low}) * bins_per_unit_;
  ++counts_[static_cast<std::size_t>(std::clamp(position, 0.0, kNumBins - 1.0))];
}

void Histogram::add(const Histogram& other) noexcept {
  num_zeros_ += other.num_zeros_;
  for (std::size_t i = 0; i < kNumBins; ++i) counts_[i] += other.counts_[i];
}

double Histogram::edge(std::size_t i) const noexcept {
  const double share = static_cast<double>(i) / static_cast<double>(kNumBins);  // Exact: 2^11 bins.
  return (1 - share) * double{range_.low} + share * double{range_.high};
}

std::int64_t Histogram::num_values() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), num_zeros_);
}

std::vector<Histogram> measure_histograms(const model::FloatModel& model,
                                          std::span<const float> images,
                                          std::span<const Range> ranges, std::span<const int> group,
                                          int num_threads) {
  const std::vector<Histogram> empty(ranges.begin(), ranges.end());
  std::vector<std::vector<Histogram>> of_worker(num_workers(num_threads), empty);
  for_each_image(engine::FloatEngine(model), static_cast<int>(model.nodes.size()) - 1, images,
                 num_threads, [&](const FloatVisit& visit) {
                   auto& own = of_worker[static_cast<std::size_t>(visit.worker)];
                   for (std::size_t node = 0; node < group.size(); ++node) {
                     if (group[node] < 0) continue;
                     Histogram& histogram = own[static_cast<std::size_t>(group[node])];
                     for (const float value : visit.tensors[node]) histogram.add(value);
                   }
                 });
  std::vector<Histogram> result = empty;
  for (const std::vector<Histogram>& own : of_worker) {
    for (std::size_t i = 0; i < result.size(); ++i) result[i].add(own[i]);
  }
  return result;
}

}  // namespace deepaxe::calibrate
