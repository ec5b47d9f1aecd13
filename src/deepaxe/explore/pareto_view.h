// Pareto view: which points of a study are not dominated, for the objectives asked for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/store/record.h"

namespace deepaxe::explore {

/// What is minimised.
enum class Objective {
  kAccuracyDrop,   ///< Accuracy of the exact design - accuracy.
  kSdc,            ///< Rate of (fault, image) pairs whose class changes. Sampled.
  kVulnerability,  ///< Accuracy - mean accuracy under faults. Sampled.
  kCycles,
  kResources,  ///< FF + LUT.
  kDsp,        ///< DSP slices.
  kBram,       ///< Block RAMs.
  kEnergy,     ///< Of one image, estimated; where it is undefined, more than any other.
};

const char* objective_name(Objective objective) noexcept;  ///< "accuracy_drop", "sdc"...
/// Throws base::InputError, offering the nearest names.
Objective parse_objective(std::string_view name);
/// Accuracy drop, SDC rate, cycles, resources; DSP slices too where the points are of several
/// baselines, and block RAMs where they are of several memory styles: FF + LUT alone would prefer
/// whatever moves logic out of LUTs.
std::vector<Objective> default_objectives(std::span<const store::PointRecord> points);
/// Known only to an interval, and only of points with faults.
bool is_sampled(Objective objective) noexcept;

/// The Pareto set among the points that no gate rejected and, where a sampled objective is chosen,
/// that have faults. a dominates b if a is nowhere worse and somewhere better.
///
/// On a sampled axis a point is better than another only where the 95 % interval of their paired
/// difference, over the common prefix of both campaigns (of each stratum, where strata were
/// sampled), excludes 0; otherwise they tie. Campaigns that share their faults among all images
/// have no such pairing: there, only disjoint intervals tell two points apart; and a census is
/// exact.
///
/// `info.options` says by "sampling" which it is. Throws base::InputError if a sampled
/// objective is chosen and no point has faults.
store::View compute_view(const store::StudyInfo& info, std::span<const store::PointRecord> points,
                         const std::vector<Objective>& objectives);

}  // namespace deepaxe::explore
