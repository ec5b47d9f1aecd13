// Histogram: how often the values of a tensor fall where, counted in integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/calibrate/range.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// kNumBins bins of equal width over a range: 16 KiB.
class Histogram {
 public:
  static constexpr std::size_t kNumBins = 2048;

  explicit Histogram(const Range& range);

  /// `value` within the range, up to rounding.
  void add(float value) noexcept;
  /// `other` over the same range.
  void add(const Histogram& other) noexcept;

  const Range& range() const noexcept { return range_; }
  /// Lower edge of bin i, upper edge of bin i - 1; the first and the last are the range's ends.
  double edge(std::size_t i) const noexcept;
  std::span<const std::int64_t> counts() const noexcept { return counts_; }
  /// Exact zeros, most of a ReLU's output. They are in no bin, for they have a code of their own in
  /// every range.
  std::int64_t num_zeros() const noexcept { return num_zeros_; }
  /// Zeros included.
  std::int64_t num_values() const noexcept;

  bool operator==(const Histogram&) const = default;

 private:
  Range range_;
  double bins_per_unit_ = 0;
  std::int64_t num_zeros_ = 0;
  std::vector<std::int64_t> counts_;  // [kNumBins]
};

/// One histogram for each range: histogram g counts the tensors of all nodes with group[node] == g,
/// those of nodes with a negative group are left out. images [n, input size], those of the ranges.
/// Counts are integers, so the result does not depend on the threads.
std::vector<Histogram> measure_histograms(const model::FloatModel& model,
                                          std::span<const float> images,
                                          std::span<const Range> ranges, std::span<const int> group,
                                          int num_threads);

}  // namespace deepaxe::calibrate
