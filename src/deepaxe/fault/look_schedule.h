// LookSchedule: when a sequential campaign may look at its interval and end, so that the intervals
// of all looks hold together. A union bound over looks fixed beforehand: Robbins, Annals of
// Mathematical Statistics 41, 1970.
#pragma once

#include <cstdint>

namespace deepaxe::fault {

/// Confidence of the interval at look 1, 2, ...: the errors allowed, (1 - confidence) / (k (k +
/// 1)), sum to 1 - confidence over all looks there may ever be.
double look_confidence(int look, double confidence = 0.95) noexcept;

/// Pairs at look 1, 2, ... for a margin (a fraction in (0, 0.5)): the first is where no event at
/// all gives a half width of `margin`, each next has twice the pairs. Nothing seen moves a look.
std::uint64_t look_pairs(int look, double margin, double confidence = 0.95) noexcept;

}  // namespace deepaxe::fault
