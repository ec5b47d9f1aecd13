// StratifiedSequence: the order in which the pairs (fault, image) of each stratum are tried.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault {

/// The faults first_fault + i * stride for i in [0, size): one bit of one tensor.
struct Stratum {
  std::uint64_t first_fault = 0;
  std::uint64_t stride = 1;
  std::uint64_t size = 0;
  double weight = 0;      ///< Its share of the space.
  double prior_rate = 1;  ///< See allocation.h.
};

/// Every (tensor, bit), in the order of CampaignResult::by_tensor_bit.
std::vector<Stratum> strata_of(const FaultSpace& space);

/// For each stratum one sequence of pairs, without repetition, a function of (seed, stratum, index)
/// alone: configurations and budgets differ only in how far they go. Within a stratum every image
/// is met equally often, each time with another fault; the sequence ends when all pairs are tried.
/// Immutable.
class StratifiedSequence {
 public:
  struct Pair {
    std::uint32_t position = 0;  ///< Of the image, in an order of [0, num_images).
    std::uint64_t fault = 0;     ///< Index in the FaultSpace.
  };

  StratifiedSequence(std::vector<Stratum> strata, std::uint32_t num_images, std::uint64_t seed);

  const std::vector<Stratum>& strata() const noexcept { return strata_; }
  std::uint32_t num_images() const noexcept { return num_images_; }
  std::uint64_t num_pairs(std::size_t stratum) const noexcept {
    return strata_[stratum].size * num_images_;
  }

  /// Requires index < num_pairs(stratum).
  Pair at(std::size_t stratum, std::uint64_t index) const;
  /// The least index of at least `from` whose image is at `position`: then every num_images()-th.
  std::uint64_t next_index(std::size_t stratum, std::uint64_t from, std::uint32_t position) const;

  /// How far each stratum has gone when about `length` pairs are done in the given shares: at least
  /// one pair, at most all of them, and never fewer for a greater length.
  std::vector<std::uint64_t> counts(const std::vector<double>& shares, double length) const;
  /// The counts of the greatest length that has at most `pairs` in all (but one of each stratum).
  std::vector<std::uint64_t> counts_within(const std::vector<double>& shares,
                                           std::uint64_t pairs) const;

 private:
  std::vector<Stratum> strata_;
  std::vector<std::uint64_t> primes_;   // By stratum: the least prime not below its size.
  std::vector<std::uint32_t> offsets_;  // By stratum: the position of its first image.
  std::vector<double> phases_;          // By stratum: in [0, 1), when its first pair is due.
  std::uint32_t num_images_;
  std::uint64_t seed_;
};

}  // namespace deepaxe::fault
