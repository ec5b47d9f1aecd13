// CodeRanks: which codes each input channel has in some images, numbered without gaps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deepaxe::kernel::table {

/// All in scratch memory of the thread, valid until its next call of rank_codes.
struct CodeRanks {
  /// [num_pixels, channels]: in place of each code its number among those of its channel, counted
  /// from 1 in the order of bit patterns; 0 is the zero point.
  const std::uint8_t* ranks;
  const std::uint8_t* codes;   ///< Code of rank r of channel c: codes[first[c] + r - 1].
  const std::uint32_t* first;  ///< [channels + 1]
};

/// codes [num_pixels, channels], bit patterns; `zero_code` gets no number.
CodeRanks rank_codes(const std::uint8_t* codes, std::size_t num_pixels, std::size_t channels,
                     std::uint8_t zero_code);

}  // namespace deepaxe::kernel::table
