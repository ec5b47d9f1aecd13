// Campaign: which faults are tried on which images, with what outcome, for one assignment.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/image_classes.h"
#include "deepaxe/fault/interval.h"
#include "deepaxe/fault/margin.h"
#include "deepaxe/fault/outcome.h"

namespace deepaxe::fault {

enum class Sampling {
  /// Pair p tries fault rng(p) on image permutation[p mod images]: fresh faults for every image,
  /// every image equally often, uniform over the space.
  kUniformPairs,
  /// Every (tensor, bit) of every class of images is sampled by itself, fresh pairs without
  /// repetition, those with more class changes more densely, as a pilot finds
  /// (stratified_sequence.h, image_classes.h, allocation.h).
  kStratified,
  kCommonFaults,  ///< `num_faults` uniform faults, each on all images.
  kCensus,        ///< Every fault on every image.
  kFaultList,     ///< Those of CampaignParams::fault_list, each on all images.
  /// The paper's way: layer, then neuron, then bit, each uniform; flatten counted again; the same
  /// faults on all images.
  kDeepaxe2023,
};

/// What one fault did to the images it was tried on.
struct FaultCounts {
  std::uint64_t fault = 0;  ///< Index in the FaultSpace.
  OutcomeCounts counts;
  std::int64_t margin_loss = 0;  ///< Sum over the pairs, in codes; where margins are measured.
};

/// How the pairs of kStratified are spread.
struct Allocation {
  ImageClasses images;
  std::vector<double> shares;     ///< Of the pairs, by stratum: CampaignResult::by_stratum.
  std::uint64_t first_pairs = 0;  ///< As many as the pilot's design is likely to need; 0: unknown.
};

struct CampaignParams {
  Sampling sampling = Sampling::kUniformPairs;
  std::uint64_t seed = 1;
  std::uint64_t num_faults = 0;  ///< kCommonFaults, kDeepaxe2023 (0 there: the paper's rule).
  /// Budget of kUniformPairs and of kStratified, whose pilot takes a sixteenth, at most 125,000.
  std::uint64_t max_pairs = 1'000'000;
  double target_sdc_relative = 0.10;   ///< Stop when the SDC interval is +- this of the rate...
  double target_vulnerability = 1e-4;  ///< ...or vulnerability is known to +- this; 0: never.
  /// Instead of both targets: stop when SDC rate and vulnerability are known to +- this fraction,
  /// by intervals that hold at all looks together (look_schedule.h); in [0, 0.5), 0: not used.
  double margin = 0;
  /// kStratified: from pilot_allocation for these params; null: found by the campaign. Changes no
  /// result of run_campaign, only its time.
  std::shared_ptr<const Allocation> allocation;
  double recheck_fraction = 1e-4;  ///< Share of pairs re-simulated by the reference kernels.
  /// What is hit and how. num_nets need not be given: run_campaign takes those of its assignment.
  FaultSpaceParams space;
  std::vector<std::uint64_t> fault_list;  ///< kFaultList: indices in the space, at least one.
  bool measure_margin = false;            ///< Fill CampaignResult::margin_loss.
  /// Called by one thread with the counts of every fault tried, in the order of the faults (of the
  /// list, of the draws); may be empty. So no campaign holds them all where faults are tried whole.
  /// With kStratified all images are then of one class, for counts of evenly met images: the pairs
  /// are others than without.
  std::function<void(const FaultCounts& fault)> on_fault;
  /// Whole faults whose counts are held at a time. Changes no result.
  std::uint64_t faults_per_block = std::uint64_t{1} << 20;
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

struct CampaignResult {
  OutcomeCounts total;
  /// Images of each class: one class but for kStratified. Classes are met unevenly.
  std::vector<std::uint32_t> class_sizes;
  /// [row * number of classes + class], rows as FaultSpace::num_rows says.
  std::vector<OutcomeCounts> by_stratum;
  /// Ascending by pair. kUniformPairs: p; kStratified: index in the stratum's sequence * number of
  /// strata + stratum; else empty.
  std::vector<ClassChange> changes;
  std::uint64_t num_faults = 0;   ///< Where pairs are drawn, their number; else that of faults.
  std::uint64_t pilot_pairs = 0;  ///< kStratified: tried beforehand, in none of the figures.
  std::int64_t images = 0;
  std::int64_t golden_correct = 0;  ///< Of those images without a fault.
  /// Estimates of the shares of all pairs of the space by outcome; those of `total` but for
  /// kStratified.
  std::array<double, kNumOutcomes> outcome_rates{};
  double sdc_rate = 0;       ///< Harmful + beneficial + neutral.
  double vulnerability = 0;  ///< Harmful - beneficial.
  Interval sdc_interval;     ///< 95 %; a point where the census is complete.
  Interval vulnerability_interval;
  Interval harmful_interval;
  std::optional<MarginLoss> margin_loss;  ///< Where it was measured.
  std::string method;                     ///< How the intervals were made, for the reader.
  std::string stop_reason;  ///< "SDC rate known to +-10 %", "budget of N pairs reached"...
  SimulationWork work;
  std::int64_t rechecked = 0;
  std::int64_t mismatches = 0;  ///< Always 0 in a result: a mismatch throws std::logic_error.
  double seconds = 0;
};

/// Of the parameters with the numbers of nets and the names of the assignment's multipliers.
FaultSpaceParams space_for(const FaultSpaceParams& params, const engine::Assignment& assignment);

/// images [n, input size] in codes, labels [n]. Polls base::check_interrupt. Same result (but for
/// `seconds`) for any number of threads. Throws base::InputError for an empty space or no images.
CampaignResult run_campaign(const engine::Int8Engine& engine, const engine::Assignment& assignment,
                            std::span<const std::int8_t> images, std::span<const int> labels,
                            const CampaignParams& params);

/// CampaignParams::allocation by golden margins of the exact design and a pilot on it: one for
/// every assignment, so that any two campaigns have their pairs in common.
std::shared_ptr<const Allocation> pilot_allocation(const engine::Int8Engine& engine,
                                                   std::span<const std::int8_t> images,
                                                   std::span<const int> labels,
                                                   const CampaignParams& params);

/// kCensus where the budget covers every fault on every image, kStratified where it is large enough
/// to gain by strata, else kUniformPairs.
Sampling automatic_sampling(const FaultSpace& space, std::size_t num_images,
                            std::uint64_t max_pairs);

/// Fewest pairs for which automatic_sampling takes kStratified.
std::uint64_t least_stratified_pairs(const FaultSpace& space);

/// Of kStratified: as many classes as the images allow and the budget has enough pairs for; one
/// where counts of single faults are asked for, which are to be of all images evenly.
std::size_t num_image_classes(const FaultSpace& space, std::size_t num_images,
                              const CampaignParams& params);

/// Two designs of the same model, images, seed and sampling.
struct PairedDifference {
  std::uint64_t pairs = 0;  ///< That both tried.
  double sdc_rate = 0;      ///< a - b
  Interval sdc_interval;
  double vulnerability = 0;  ///< a - b
  Interval vulnerability_interval;
};

/// kUniformPairs: over the common prefix. Where one design harms what the other corrects, a pair
/// counts 2 and the interval of the vulnerability is stretched by the ratio of standard deviations.
/// No pairs in common: [-1, 1].
PairedDifference paired_difference(std::span<const ClassChange> a, std::uint64_t pairs_a,
                                   std::span<const ClassChange> b, std::uint64_t pairs_b);

/// A stratum that two campaigns of kStratified sampled.
struct CommonStratum {
  double weight = 0;      ///< Its share of all pairs of the space.
  double population = 0;  ///< Its pairs: faults * images.
  std::uint64_t drawn_a = 0, drawn_b = 0;
};
/// kStratified: over the common prefix of each stratum, strata as in CampaignResult::by_stratum.
PairedDifference paired_difference(std::span<const ClassChange> a, std::span<const ClassChange> b,
                                   std::span<const CommonStratum> strata);

}  // namespace deepaxe::fault
