// mutate: one damaged input as a function of (inputs, index), the same on every machine.
#pragma once

#include <cstdint>
#include <span>

#include "target.h"

namespace deepaxe::fuzz {

/// One of `seeds` (not empty) with up to 8 changes: bits, bytes, interesting numbers, cuts,
/// repetitions, pieces of another seed.
Bytes mutate(std::span<const Bytes> seeds, std::uint64_t index);

}  // namespace deepaxe::fuzz
