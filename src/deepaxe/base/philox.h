// CounterRng: random numbers as a pure function of (seed, stream, index).
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox 4x32-10).
#pragma once

#include <array>
#include <cstdint>

namespace deepaxe::base {

/// Stateless, hence safe from any thread and independent of batch, shard and resume point.
class CounterRng {
 public:
  /// `stream` separates the uses of one seed (one number for each stratum, layer or purpose).
  explicit CounterRng(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : seed_(seed), stream_(stream) {}

  /// Four independent uniform 32-bit words for this index.
  std::array<std::uint32_t, 4> words(std::uint64_t index) const noexcept;

  /// Uniform in [0, bound), bound > 0. `lane` 0 or 1 gives two independent draws for an index.
  /// Multiply-shift of a 64-bit word: the bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound, std::uint64_t index, int lane = 0) const noexcept;

  /// Uniform in [0, 1), 53 bits. `lane` as above.
  double unit(std::uint64_t index, int lane = 0) const noexcept;

 private:
  std::uint64_t word64(std::uint64_t index, int lane) const noexcept;

  std::uint64_t seed_;
  std::uint64_t stream_;
};

}  // namespace deepaxe::base
