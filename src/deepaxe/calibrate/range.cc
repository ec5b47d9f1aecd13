#include "deepaxe/calibrate/range.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/float_pass.h"

namespace deepaxe::calibrate {
namespace {

// What one thread has seen.
struct Seen {
  std::vector<Range> ranges;
  std::vector<bool> not_finite;

  void include(const std::vector<std::vector<float>>& tensors) {
    for (std::size_t node = 0; node < ranges.size(); ++node) {
      for (const float value : tensors[node]) {
        if (!std::isfinite(value)) not_finite[node] = true;
        ranges[node].include(value);
      }
    }
  }
};

}  // namespace

void Range::include(float value) noexcept {
  if (value < low) low = value;
  if (value > high) high = value;
}

void Range::include(const Range& other) noexcept {
  include(other.low);
  include(other.high);
}

quant::QuantParams params_of_range(const Range& range, bool symmetric) {
  const double low = range.low;
  const double high = range.high;
  const double span = symmetric ? std::max(-low, high) : high - low;
  const auto scale = static_cast<float>(span / (symmetric ? 127 : 255));
  if (!(scale >= std::numeric_limits<float>::min())) return {};  // Constant 0, or as good as.
  if (symmetric) return {.scale = scale, .zero_point = 0};
  // low <= 0 <= high: the quotient is in [0, 255], up to rounding of the scale.
  const double zero_point = std::round(-128 - low / double{scale});
  return {.scale = scale,
          .zero_point = static_cast<std::int32_t>(std::clamp(zero_point, -128.0, 127.0))};
}

Range representable_range(const quant::QuantParams& params) {
  return {.low = quant::dequantize(-128, params), .high = quant::dequantize(127, params)};
}

std::vector<Range> measure_ranges(const model::FloatModel& model, std::span<const float> images,
                                  int num_threads) {
  const std::size_t num_nodes = model.nodes.size();
  std::vector<Seen> seen(num_workers(num_threads), {.ranges = std::vector<Range>(num_nodes),
                                                    .not_finite = std::vector<bool>(num_nodes)});
  for_each_image(engine::FloatEngine(model), static_cast<int>(num_nodes) - 1, images, num_threads,
                 [&](const FloatVisit& visit) {
                   seen[static_cast<std::size_t>(visit.worker)].include(visit.tensors);
                 });
  std::vector<Range> ranges(num_nodes);
  for (std::size_t node = 0; node < num_nodes; ++node) {
    for (const Seen& part : seen) {
      ranges[node].include(part.ranges[node]);
      if (part.not_finite[node]) {
        throw base::InputError({.file = model.name,
                                .place = "layer " + model.nodes[node].name,
                                .found = "a value that is not finite on a calibration image",
                                .expected = "finite values"});
      }
    }
  }
  return ranges;
}

}  // namespace deepaxe::calibrate
