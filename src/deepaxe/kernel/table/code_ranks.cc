#include "deepaxe/kernel/table/code_ranks.h"

#include <algorithm>
#include <cstring>

#include "deepaxe/kernel/table/scratch.h"
#include "deepaxe/kernel/table/sizes.h"

namespace deepaxe::kernel::table {
namespace {

// Calls visit(element, channel) of all codes but those of eights that are all the zero point's:
// after a rectifier, most are.
template <typename Visit>
void for_each_other(const std::uint8_t* codes, std::size_t num_pixels, std::size_t channels,
                    std::uint8_t zero_code, Visit visit) {
  const std::uint64_t eight_zeros = 0x0101010101010101U * zero_code;
  std::size_t element = 0;
  for (std::size_t pixel = 0; pixel < num_pixels; ++pixel) {
    std::size_t channel = 0;
    for (; channel + 8 <= channels; channel += 8, element += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, codes + element, sizeof eight);
      if (eight == eight_zeros) continue;
      for (std::size_t i = 0; i < 8; ++i) visit(element + i, channel + i);
    }
    for (; channel < channels; ++channel, ++element) visit(element, channel);
  }
}

// Numbers the codes that are marked in `rank_of` [256] and appends them to `listed`.
std::uint8_t* number_codes(std::uint8_t* rank_of, std::uint8_t* listed) {
  std::uint8_t rank = 0;
  for (std::size_t eight = 0; eight < 256; eight += 8) {
    std::uint64_t marks = 0;
    std::memcpy(&marks, rank_of + eight, sizeof marks);
    if (marks == 0) continue;
    for (std::size_t code = eight; code < eight + 8; ++code) {
      if (rank_of[code] == 0) continue;
      rank_of[code] = ++rank;
      *listed++ = static_cast<std::uint8_t>(code);
    }
  }
  return listed;
}

}  // namespace

CodeRanks rank_codes(const std::uint8_t* codes, std::size_t num_pixels, std::size_t channels,
                     std::uint8_t zero_code) {
  Scratch& memory = scratch();
  std::uint8_t* rank_of = grown(memory.rank_of, 256 * channels);
  std::fill_n(rank_of, 256 * channels, std::uint8_t{0});
  for_each_other(codes, num_pixels, channels, zero_code, [&](std::size_t i, std::size_t channel) {
    rank_of[256 * channel + codes[i]] = 1;
  });

  std::uint8_t* const listed = grown(memory.listed_codes, 256 * channels);
  std::uint32_t* first = grown(memory.first_codes, channels + 1);
  std::uint8_t* end = listed;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    first[channel] = static_cast<std::uint32_t>(end - listed);
    rank_of[256 * channel + zero_code] = 0;
    end = number_codes(rank_of + 256 * channel, end);
  }
  first[channels] = static_cast<std::uint32_t>(end - listed);

  const std::size_t size = num_pixels * channels;
  std::uint8_t* ranks = grown(memory.ranks, size);
  std::fill_n(ranks, size, std::uint8_t{0});
  for_each_other(codes, num_pixels, channels, zero_code, [&](std::size_t i, std::size_t channel) {
    ranks[i] = rank_of[256 * channel + codes[i]];
  });
  return {.ranks = ranks, .codes = listed, .first = first};
}

}  // namespace deepaxe::kernel::table
