#include "deepaxe/fault/requantize_thresholds.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deepaxe::fault {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kNever = std::int64_t{1} << 31;
constexpr std::size_t kRow = 257;

class ChannelThresholds {
 public:
  ChannelThresholds(const kernel::ComputingLayer& layer, std::size_t channel)
      : layer_(layer), scale_(layer.scales[channel]) {}

  std::int64_t least(int code) const {
    if (code <= layer_.clamp_low) return kLowest;
    if (code > layer_.clamp_high) return kNever;
    const double factor = std::ldexp(static_cast<double>(scale_.mantissa), scale_.shift - 31);
    const double real = (code - layer_.out_zero_point - 0.5) / factor;  // +-inf for factor 0.
    const auto guess = static_cast<std::int64_t>(
        std::clamp(real, static_cast<double>(kLowest), static_cast<double>(kNever)));
    return refine(code, guess);
  }

 private:
  bool reaches(std::int64_t accumulator, int code) const {
    if (accumulator >= kNever) return true;
    if (accumulator < kLowest) return false;
    return quant::requantize_to_code(static_cast<std::int32_t>(accumulator), scale_,
                                     layer_.rounding, layer_.out_zero_point, layer_.clamp_low,
                                     layer_.clamp_high) >= code;
  }
  // Widens around the guess until it brackets the threshold, then halves.
  std::int64_t refine(int code, std::int64_t guess) const {
    std::int64_t below = guess - 1, reached = guess;
    for (std::int64_t step = 1; reaches(below, code); step *= 2) {
      reached = below;
      below = std::max(below - step, kLowest - 1);
    }
    for (std::int64_t step = 1; !reaches(reached, code); step *= 2) {
      below = reached;
      reached = std::min(reached + step, kNever);
    }
    while (reached - below > 1) {
      const std::int64_t middle = below + (reached - below) / 2;
      (reaches(middle, code) ? reached : below) = middle;
    }
    return reached;
  }

  const kernel::ComputingLayer& layer_;
  quant::RequantScale scale_;
};

}  // namespace

RequantizeThresholds::RequantizeThresholds(const kernel::ComputingLayer& layer)
    : least_(layer.scales.size() * kRow) {
  for (std::size_t channel = 0; channel < layer.scales.size(); ++channel) {
    const auto row = least_.begin() + static_cast<std::ptrdiff_t>(channel * kRow);
    if (channel > 0 && layer.scales[channel] == layer.scales[channel - 1]) {
      std::copy(row - static_cast<std::ptrdiff_t>(kRow), row, row);
      continue;
    }
    const ChannelThresholds thresholds(layer, channel);
    for (int code = -128; code <= 128; ++code) row[code + 128] = thresholds.least(code);
  }
}

Slack RequantizeThresholds::slack(std::size_t channel, std::int32_t accumulator,
                                  std::int8_t code) const noexcept {
  const std::int64_t* least = &least_[channel * kRow + static_cast<std::size_t>(code + 128)];
  constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();
  return {static_cast<std::int32_t>(std::max(least[0] - accumulator, kLowest)),
          static_cast<std::int32_t>(std::min(least[1] - 1 - accumulator, kHighest))};
}

}  // namespace deepaxe::fault
