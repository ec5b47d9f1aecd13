#include "deepaxe/fault/covered_positions.h"

namespace deepaxe::fault {

CoveredPositions::CoveredPositions(const kernel::ConvGeometry& geometry)
    : num_words_((static_cast<std::size_t>(geometry.out_h * geometry.out_w) + 63) / 64) {
  const WindowReach rows = reach_of_rows(geometry), columns = reach_of_columns(geometry);
  for (std::size_t y = 0; y < static_cast<std::size_t>(geometry.in_h); ++y) {
    for (std::size_t x = 0; x < static_cast<std::size_t>(geometry.in_w); ++x) {
      first_.push_back(static_cast<std::uint32_t>(masks_.size()));
      num_windows_.push_back(rows.taps(y).size() * columns.taps(x).size());
      for (const Tap row : rows.taps(y)) {
        for (const Tap column : columns.taps(x)) {
          add_bit(static_cast<std::size_t>(row.output * geometry.out_w + column.output));
        }
      }
    }
  }
  first_.push_back(static_cast<std::uint32_t>(masks_.size()));
}

// To the masks of the last pixel: a few words.
void CoveredPositions::add_bit(std::size_t position) {
  const std::uint64_t bit = std::uint64_t{1} << position % 64;
  for (std::size_t i = first_.back(); i < masks_.size(); ++i) {
    if (masks_[i].word != position / 64) continue;
    masks_[i].bits |= bit;
    return;
  }
  masks_.push_back({position / 64, bit});
}

}  // namespace deepaxe::fault
