// allocation_meter: how much memory `new` has given out at most at one time.
#pragma once

#include <cstddef>

namespace deepaxe::fuzz {

/// Starts anew: the peak is counted from what is in use now.
void reset_allocation_peak() noexcept;
/// Bytes in use at most since then, above what was in use then.
std::size_t allocation_peak() noexcept;

}  // namespace deepaxe::fuzz
