// StratifiedSequence: the order in which the pairs (fault, image) of each stratum are tried.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault {

/// One bit of one tensor, the faults first_fault + i * stride for i in [0, num_faults), on one
/// class of images, the positions first_position + i for i in [0, num_images).
struct Stratum {
  std::uint64_t first_fault = 0;
  std::uint64_t stride = 1;
  std::uint64_t num_faults = 0;
  std::uint32_t first_position = 0;
  std::uint32_t num_images = 0;
  double weight = 0;      ///< Its share of all pairs of the space.
  double prior_rate = 1;  ///< See allocation.h.

  std::uint64_t num_pairs() const noexcept { return num_faults * num_images; }
};

/// Every (tensor, bit, class), in the order of CampaignResult::by_stratum.
/// class_bounds: ImageClasses::first.
std::vector<Stratum> strata_of(const FaultSpace& space,
                               std::span<const std::uint32_t> class_bounds);

/// For each stratum one sequence of pairs, without repetition, a function of (seed, stratum, index)
/// alone: configurations and budgets differ only in how far they go. A stratum meets all of its
/// images equally often, each time with another fault; the sequence ends when all pairs are tried.
/// Immutable.
class StratifiedSequence {
 public:
  struct Pair {
    std::uint32_t position = 0;  ///< Of the image: see ImageClasses.
    std::uint64_t fault = 0;     ///< Index in the FaultSpace.
  };

  StratifiedSequence(std::vector<Stratum> strata, std::uint64_t seed);

  const std::vector<Stratum>& strata() const noexcept { return strata_; }

  /// Requires index < num_pairs().
  Pair at(std::size_t stratum, std::uint64_t index) const;
  /// The least index of at least `from` whose image is at `position`, one of the stratum's: then
  /// every num_images-th.
  std::uint64_t next_index(std::size_t stratum, std::uint64_t from, std::uint32_t position) const;

  /// How far each stratum has gone when about `length` pairs are done in the given shares: at least
  /// one pair, at most all of them, and never fewer for a greater length.
  std::vector<std::uint64_t> counts(const std::vector<double>& shares, double length) const;
  /// The counts of the greatest length that has at most `pairs` in all (but one of each stratum).
  std::vector<std::uint64_t> counts_within(const std::vector<double>& shares,
                                           std::uint64_t pairs) const;

 private:
  std::vector<Stratum> strata_;
  std::vector<std::uint64_t> primes_;   // By stratum: the least prime not below its faults.
  std::vector<std::uint32_t> offsets_;  // By stratum: which of its images is the first.
  std::vector<double> phases_;          // By stratum: in [0, 1), when its first pair is due.
  std::uint64_t seed_;
};

}  // namespace deepaxe::fault
