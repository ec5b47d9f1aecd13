#include "deepaxe/fault/stratified_sequence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "deepaxe/base/philox.h"
#include "deepaxe/fault/allocation.h"

namespace deepaxe::fault {
namespace {

// Streams of the seed, apart from those in sampling.cc; the second is one for each stratum.
constexpr std::uint64_t kStartStream = 16;
constexpr std::uint64_t kOrderStream = std::uint64_t{1} << 32;

__extension__ using Wide = unsigned __int128;  // Holds any product of two words.

bool is_prime(std::uint64_t n) {
  if (n < 2) return false;
  for (std::uint64_t d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return true;
}

std::uint64_t prime_from(std::uint64_t n) {
  while (!is_prime(n)) ++n;
  return n;
}

}  // namespace

std::vector<Stratum> strata_of(const FaultSpace& space,
                               std::span<const std::uint32_t> class_bounds) {
  const auto num_pairs =
      static_cast<double>(space.size()) * static_cast<double>(class_bounds.back());
  std::vector<Stratum> strata;
  for (const FaultTensor& tensor : space.tensors()) {
    for (int bit = 0; bit < tensor.bits; ++bit) {
      for (std::size_t c = 0; c + 1 < class_bounds.size(); ++c) {
        Stratum& stratum = strata.emplace_back();
        stratum.first_fault = tensor.first_fault + static_cast<std::uint64_t>(bit);
        stratum.stride = static_cast<std::uint64_t>(tensor.bits);
        stratum.num_faults = tensor.elements;
        stratum.first_position = class_bounds[c];
        stratum.num_images = class_bounds[c + 1] - class_bounds[c];
        stratum.weight = static_cast<double>(stratum.num_pairs()) / num_pairs;
        stratum.prior_rate = prior_rate(bit, tensor.bits, c);
      }
    }
  }
  return strata;
}

StratifiedSequence::StratifiedSequence(std::vector<Stratum> strata, std::uint64_t seed)
    : strata_(std::move(strata)), seed_(seed) {
  const base::CounterRng rng(seed, kStartStream);
  for (std::size_t h = 0; h < strata_.size(); ++h) {
    primes_.push_back(prime_from(strata_[h].num_faults));
    offsets_.push_back(static_cast<std::uint32_t>(rng.below(strata_[h].num_images, h)));
    phases_.push_back(rng.unit(h, 1));
  }
}

StratifiedSequence::Pair StratifiedSequence::at(std::size_t stratum, std::uint64_t index) const {
  const Stratum& place = strata_[stratum];
  const auto position = static_cast<std::uint32_t>(
      place.first_position + (offsets_[stratum] + index % place.num_images) % place.num_images);
  // The elements of one image in a random order: an affine map modulo a prime, so that any two
  // draws are as good as independent; values beyond the stratum are walked past.
  const std::uint64_t prime = primes_[stratum];
  const base::CounterRng rng(seed_, kOrderStream + stratum);
  const std::uint64_t step = 1 + rng.below(prime - 1, position, 0);
  const std::uint64_t start = rng.below(prime, position, 1);
  std::uint64_t element = index / place.num_images;
  do {
    element = static_cast<std::uint64_t>((Wide{element} * step + start) % prime);
  } while (element >= place.num_faults);
  return {position, place.first_fault + element * place.stride};
}

std::uint64_t StratifiedSequence::next_index(std::size_t stratum, std::uint64_t from,
                                             std::uint32_t position) const {
  const std::uint64_t n = strata_[stratum].num_images;
  const std::uint64_t residue =
      (position - strata_[stratum].first_position + n - offsets_[stratum]) % n;
  return from + (residue + n - from % n) % n;
}

std::vector<std::uint64_t> StratifiedSequence::counts(const std::vector<double>& shares,
                                                      double length) const {
  std::vector<std::uint64_t> counts(strata_.size());
  for (std::size_t h = 0; h < strata_.size(); ++h) {
    const double due = std::floor(length * shares[h] - phases_[h]) + 1;
    const auto most = static_cast<double>(strata_[h].num_pairs());
    counts[h] = static_cast<std::uint64_t>(std::clamp(due, 1.0, most));
  }
  return counts;
}

std::vector<std::uint64_t> StratifiedSequence::counts_within(const std::vector<double>& shares,
                                                             std::uint64_t pairs) const {
  // Where a stratum is exhausted the others go on: lengths may be far greater than `pairs`.
  double low = 0, high = 0;
  for (std::size_t h = 0; h < strata_.size(); ++h) {
    high = std::max(high, static_cast<double>(strata_[h].num_pairs() + 1) / shares[h]);
  }
  constexpr int kSteps = 80;
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (low + high) / 2;
    const std::vector<std::uint64_t> reached = counts(shares, middle);
    const std::uint64_t total = std::accumulate(reached.begin(), reached.end(), std::uint64_t{0});
    (total <= pairs ? low : high) = middle;
  }
  return counts(shares, low);
}

}  // namespace deepaxe::fault
