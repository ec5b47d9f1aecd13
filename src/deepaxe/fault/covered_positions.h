// CoveredPositions: the output positions whose windows cover any of some input pixels.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/fault/window_reach.h"
#include "deepaxe/kernel/computing_layer.h"

namespace deepaxe::fault {

/// A set of positions is a bit for each, in words of 64. Immutable.
class CoveredPositions {
 public:
  explicit CoveredPositions(const kernel::ConvGeometry& geometry);

  std::size_t num_words() const noexcept { return num_words_; }
  std::size_t num_windows(std::size_t pixel) const noexcept { return num_windows_[pixel]; }
  /// Adds the positions of one pixel to a set of num_words() words.
  void add(std::size_t pixel, std::uint64_t* set) const noexcept {
    for (std::uint32_t i = first_[pixel]; i < first_[pixel + 1]; ++i) {
      set[masks_[i].word] |= masks_[i].bits;
    }
  }
  /// The positions of a set, ascending.
  static void list(std::span<const std::uint64_t> set, std::vector<std::uint32_t>& positions) {
    positions.clear();
    for (std::size_t word = 0; word < set.size(); ++word) {
      for (std::uint64_t left = set[word]; left != 0; left &= left - 1) {
        positions.push_back(static_cast<std::uint32_t>(64 * word) +
                            static_cast<std::uint32_t>(std::countr_zero(left)));
      }
    }
  }

 private:
  struct Mask {
    std::size_t word = 0;
    std::uint64_t bits = 0;
  };
  void add_bit(std::size_t position);

  std::size_t num_words_;
  std::vector<std::uint32_t> first_;  // masks_ of pixel p: [first_[p], first_[p + 1]).
  std::vector<Mask> masks_;
  std::vector<std::size_t> num_windows_;  // By pixel.
};

}  // namespace deepaxe::fault
