// Sizes: arithmetic of counts. Private to kernel/table.
#pragma once

#include <cstddef>

namespace deepaxe::kernel::table {

/// Of a count that is not negative.
constexpr std::size_t to_size(int value) noexcept { return static_cast<std::size_t>(value); }

template <typename Integer>
constexpr Integer round_up(Integer value, Integer multiple) noexcept {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace deepaxe::kernel::table
