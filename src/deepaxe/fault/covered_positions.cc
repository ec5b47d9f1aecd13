#include "deepaxe/fault/covered_positions.h"

namespace deepaxe::fault {

CoveredPositions::CoveredPositions(const kernel::ConvGeometry& geometry)
    : num_words_((static_cast<std::size_t>(geometry.out_h * geometry.out_w) + 63) / 64) {
  const WindowReach rows = reach_of_rows(geometry), columns = reach_of_columns(geometry);
  std::vector<std::uint64_t> set(num_words_);
  for (std::size_t y = 0; y < static_cast<std::size_t>(geometry.in_h); ++y) {
    for (std::size_t x = 0; x < static_cast<std::size_t>(geometry.in_w); ++x) {
      set.assign(num_words_, 0);
      for (const Tap row : rows.taps(y)) {
        for (const Tap column : columns.taps(x)) {
          const auto position =
              static_cast<std::size_t>(row.output * geometry.out_w + column.output);
          set[position / 64] |= std::uint64_t{1} << position % 64;
        }
      }
      first_.push_back(static_cast<std::uint32_t>(masks_.size()));
      num_windows_.push_back(rows.taps(y).size() * columns.taps(x).size());
      for (std::size_t word = 0; word < num_words_; ++word) {
        if (set[word] != 0) masks_.push_back({word, set[word]});
      }
    }
  }
  first_.push_back(static_cast<std::uint32_t>(masks_.size()));
}

}  // namespace deepaxe::fault
