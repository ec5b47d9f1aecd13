#include "deepaxe/calibrate/range_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace deepaxe::calibrate {
namespace {

constexpr int kGridSteps = 64;

// The integral of the squared error of quantization from 0 to x, in closed form.
class ErrorIntegral {
 public:
  explicit ErrorIntegral(const quant::QuantParams& params)
      : scale_(params.scale),
        low_(scale_ * (-128 - params.zero_point)),
        high_(scale_ * (127 - params.zero_point)),
        at_low_(rounded(low_)),
        at_high_(rounded(high_)) {}

  double operator()(double x) const noexcept {
    if (x > high_) return at_high_ + cube(x - high_) / 3;
    if (x < low_) return at_low_ + cube(x - low_) / 3;
    return rounded(x);
  }

 private:
  static double cube(double x) noexcept { return x * x * x; }

  // Between the ends the error is a sawtooth: each whole step adds scale^3 / 12.
  double rounded(double x) const noexcept {
    const double steps = x / scale_;
    const double whole = std::round(steps);
    return cube(scale_) * (whole / 12 + cube(steps - whole) / 3);
  }

  double scale_, low_, high_, at_low_, at_high_;
};

// The part of an end that grid step k leaves.
float part_of(float end, int k) { return end * static_cast<float>(k) / kGridSteps; }

Range clipped(const Range& range, int low_step, int high_step, bool symmetric) {
  if (!symmetric) return {part_of(range.low, low_step), part_of(range.high, high_step)};
  const float bound = part_of(std::max(-range.low, range.high), high_step);
  return {std::max(range.low, -bound), std::min(range.high, bound)};
}

}  // namespace

double expected_squared_error(const Histogram& histogram, const quant::QuantParams& params) {
  const ErrorIntegral integral(params);
  double sum = 0;
  for (std::size_t i = 0; i < Histogram::kNumBins; ++i) {
    const auto count = static_cast<double>(histogram.counts()[i]);
    if (count == 0) continue;
    const double low = histogram.edge(i);
    const double high = histogram.edge(i + 1);
    sum += count * (integral(high) - integral(low)) / (high - low);
  }
  return sum == 0 ? 0 : sum / static_cast<double>(histogram.num_values());
}

Range percentile_range(const Histogram& histogram, double percentile) {
  const double left_out = static_cast<double>(histogram.num_values()) * (100 - percentile) / 200;
  const auto most = static_cast<std::int64_t>(left_out);
  const auto counts = histogram.counts();
  std::int64_t below = 0;
  std::size_t first = 0;
  while (first < counts.size() && below + counts[first] <= most) below += counts[first++];
  std::int64_t above = 0;
  std::size_t end = counts.size();
  while (end > 0 && above + counts[end - 1] <= most) above += counts[--end];
  return {.low = std::min(0.0F, static_cast<float>(histogram.edge(first))),
          .high = std::max(0.0F, static_cast<float>(histogram.edge(end)))};
}

Range least_error_range(const Histogram& histogram, bool symmetric) {
  const Range& seen = histogram.range();
  const int first_low = symmetric || seen.low == 0 ? kGridSteps : 1;
  const int first_high = seen.high == 0 && !symmetric ? kGridSteps : 1;
  Range best;
  double least = std::numeric_limits<double>::infinity();
  for (int low = kGridSteps; low >= first_low; --low) {
    for (int high = kGridSteps; high >= first_high; --high) {
      const Range range = clipped(seen, low, high, symmetric);
      const double error = expected_squared_error(histogram, params_of_range(range, symmetric));
      if (error < least) {
        least = error;
        best = range;
      }
    }
  }
  return best;
}

Range choose_range(const Histogram& histogram, const RangeParams& params, bool symmetric) {
  if (params.method == RangeMethod::kMse) return least_error_range(histogram, symmetric);
  if (params.method == RangeMethod::kMinMax) return histogram.range();
  if (!(params.percentile > 0 && params.percentile <= 100)) {
    throw std::invalid_argument(
        fmt::format("percentile {}, expected one in (0, 100]", params.percentile));
  }
  return percentile_range(histogram, params.percentile);
}

}  // namespace deepaxe::calibrate
