// Scratch: memory of the calling thread, kept from call to call. Private to kernel/table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deepaxe/base/cache_line.h"

namespace deepaxe::kernel::table {

/// The loops allocate nothing once these have grown.
struct Scratch {
  std::vector<std::uint8_t> codes;  ///< Padded images.
  std::vector<std::uint32_t> sums;
  std::vector<std::uint32_t> panel;
  base::CacheLineVector<std::int16_t> error_panel;
  std::vector<std::uint32_t> lists, starts, cursors;       ///< See RowLists.
  std::vector<std::uint32_t> first_rows;                   ///< Of each k, in an error panel.
  std::vector<std::uint8_t> listed_codes, rank_of, ranks;  ///< See rank_codes.
  std::vector<std::uint32_t> first_codes;                  ///< The same.
  std::vector<const std::int16_t*> columns;
  std::vector<std::int16_t> values;                 ///< Factors of codes, as int16...
  base::CacheLineVector<std::uint8_t> bytes;        ///< ...or as bytes.
  base::CacheLineVector<std::uint8_t> packed;       ///< Rows of windows.
  base::CacheLineVector<std::uint8_t> window_rows;  ///< The same, of chosen positions.
  std::vector<std::uint8_t> packed_codes;           ///< The same, not yet factors.
  std::vector<std::int32_t> plane_offsets;
};

inline Scratch& scratch() {
  thread_local Scratch memory;
  return memory;
}

template <typename Vector>
typename Vector::value_type* grown(Vector& memory, std::size_t size) {
  if (memory.size() < size) memory.resize(size);
  return memory.data();
}

}  // namespace deepaxe::kernel::table
