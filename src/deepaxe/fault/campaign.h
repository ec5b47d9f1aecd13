// Campaign: which faults are tried on which images, with what outcome, for one assignment.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/interval.h"
#include "deepaxe/fault/outcome.h"

namespace deepaxe::fault {

enum class Sampling {
  /// Pair p tries fault rng(p) on image permutation[p mod images]: fresh faults for every image,
  /// every image equally often, uniform over the space.
  kUniformPairs,
  kCommonFaults,  ///< `num_faults` uniform faults, each on all images.
  kCensus,        ///< Every fault on every image.
  /// The paper's way: layer, then neuron, then bit, each uniform; flatten counted again; the same
  /// faults on all images.
  kDeepaxe2023,
};

struct CampaignParams {
  Sampling sampling = Sampling::kUniformPairs;
  std::uint64_t seed = 1;
  std::uint64_t num_faults = 0;  ///< kCommonFaults, kDeepaxe2023 (0 there: the paper's rule).
  std::uint64_t max_pairs = 1'000'000;  ///< Budget of kUniformPairs.
  double target_sdc_relative = 0.10;    ///< Stop when the SDC interval is +- this of the rate...
  double target_vulnerability = 1e-4;   ///< ...or vulnerability is known to +- this; 0: never.
  double recheck_fraction = 1e-4;       ///< Share of pairs re-simulated by the reference kernels.
  bool include_input = false;
  bool keep_fault_counts = false;  ///< Fill CampaignResult::fault_counts.
  int num_threads = 0;
  /// Called by one thread at a time with the pairs done since its last call; may be empty.
  std::function<void(std::uint64_t pairs)> progress;
};

/// A pair whose class changed; for paired differences of two designs with the same sequence.
struct ClassChange {
  std::uint64_t pair = 0;
  Outcome outcome = Outcome::kHarmful;
  bool operator==(const ClassChange&) const = default;
};

struct FaultCounts {
  std::uint64_t fault = 0;  ///< Index in the FaultSpace.
  OutcomeCounts counts;
};

struct CampaignResult {
  OutcomeCounts total;
  /// by_tensor_bit[t * 8 + bit] for tensor t of the space.
  std::vector<OutcomeCounts> by_tensor_bit;
  std::vector<ClassChange> changes;  ///< kUniformPairs: ascending by pair.
  std::vector<FaultCounts> fault_counts;
  std::uint64_t num_faults = 0;  ///< Draws of kUniformPairs = pairs; else distinct or drawn faults.
  std::int64_t images = 0;
  std::int64_t golden_correct = 0;  ///< Of those images without a fault.
  double sdc_rate = 0;
  double vulnerability = 0;  ///< (harmful - beneficial) / pairs, a fraction.
  Interval sdc_interval;     ///< 95 %; a point where the census is complete.
  Interval vulnerability_interval;
  std::string method;       ///< How the intervals were made, for the reader.
  std::string stop_reason;  ///< "SDC rate known to +-10 %", "budget of N pairs reached"...
  std::int64_t rechecked = 0;
  std::int64_t mismatches = 0;  ///< Always 0 in a result: a mismatch throws std::logic_error.
  double seconds = 0;
};

/// images [n, input size] in codes, labels [n]. Polls base::check_interrupt. Same result (but for
/// `seconds`) for any number of threads. Throws base::InputError for an empty space or no images.
CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params);

/// Paired comparison of two designs run by kUniformPairs with the same seed, images and space.
struct PairedDifference {
  std::uint64_t pairs = 0;  ///< Common prefix used.
  double sdc_rate = 0;      ///< a - b
  Interval sdc_interval;
  double vulnerability = 0;  ///< a - b
  Interval vulnerability_interval;
};
/// Where one design harms what the other corrects, a pair counts 2 and the interval of the
/// vulnerability is stretched by the ratio of standard deviations. No pairs in common: [-1, 1].
PairedDifference paired_difference(std::span<const ClassChange> a, std::uint64_t pairs_a,
                                   std::span<const ClassChange> b, std::uint64_t pairs_b);

}  // namespace deepaxe::fault
