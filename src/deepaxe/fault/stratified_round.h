// StratifiedRound: the pairs that a campaign of strata tries between two looks at its estimates.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/fault/image_classes.h"
#include "deepaxe/fault/pair_runner.h"
#include "deepaxe/fault/stratified_sequence.h"

namespace deepaxe::fault {

/// Runs the pairs [begin[h], end[h]) of the sequence of each stratum; golden classes are counted in
/// the round that begins with the first pairs.
void run_round(const StratifiedSequence& sequence, const ImageClasses& images,
               const std::vector<std::uint64_t>& begin, const std::vector<std::uint64_t>& end,
               PairExecutor& executor);

}  // namespace deepaxe::fault
