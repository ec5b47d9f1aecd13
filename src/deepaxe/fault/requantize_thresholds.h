// RequantizeThresholds: for each channel and code, the least accumulator that gives it or more.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/fault/image_state.h"
#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// Requantization never falls as the accumulator grows, so the accumulators of one code are an
/// interval: whether a difference survives it is two comparisons instead of a requantization.
class RequantizeThresholds {
 public:
  explicit RequantizeThresholds(const kernel::ComputingLayer& layer);

  /// How far `accumulator` of `channel` may move before `code`, which it gives, changes.
  Slack slack(std::size_t channel, std::int32_t accumulator, std::int8_t code) const noexcept;

 private:
  // [channel][code + 128], one more than there are codes; int64 holds "never": 2^31.
  std::vector<std::int64_t> least_;
};

}  // namespace deepaxe::fault
