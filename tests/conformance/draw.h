// Draw: a sequence of random choices, a function of (seed, stream) alone.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "deepaxe/base/philox.h"

namespace deepaxe::conformance {

/// Every call takes the next draw; not thread-safe.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t stream) : rng_(seed, stream) {}

  /// Uniform in [low, high], both included.
  int between(int low, int high) {
    const auto range = static_cast<std::uint64_t>(std::int64_t{high} - low + 1);
    return static_cast<int>(low + static_cast<std::int64_t>(rng_.below(range, index_++)));
  }
  /// True once in `count` draws.
  bool one_in(int count) { return between(1, count) == 1; }
  /// 2 to a power uniform in [low, high].
  double power_of_two(double low, double high) {
    return std::exp2(low + (high - low) * rng_.unit(index_++));
  }
  template <typename T>
  T pick(std::initializer_list<T> values) {
    return values.begin()[between(0, static_cast<int>(values.size()) - 1)];
  }
  std::int8_t code() { return static_cast<std::int8_t>(between(-128, 127)); }

 private:
  base::CounterRng rng_;
  std::uint64_t index_ = 0;
};

}  // namespace deepaxe::conformance
