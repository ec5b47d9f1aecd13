#include "deepaxe/kernel/reference/moves.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::reference {
namespace {

const std::vector<int> kShape = {4, 5, 3};

std::vector<std::int8_t> moved(const Sources& sources, const std::vector<std::int8_t>& input,
                               std::int8_t fill = 0) {
  std::vector<std::int8_t> output(sources.size());
  move(sources, fill, input, output);
  return output;
}

TEST(Moves, ASliceUndoesAPad) {
  Dice dice(3);
  const auto image = dice.codes(4 * 5 * 3);
  const auto padded =
      moved(pad_sources(kShape, std::vector{2, 1, 0}, std::vector{1, 3, 2}), image, 42);
  ASSERT_EQ(padded.size(), 7U * 9U * 5U);
  EXPECT_EQ(
      std::count(padded.begin(), padded.end(), 42) - std::count(image.begin(), image.end(), 42),
      7 * 9 * 5 - 4 * 5 * 3);
  EXPECT_EQ(
      moved(slice_sources(std::vector{7, 9, 5}, std::vector{2, 1, 0}, kShape, std::vector{1, 1, 1}),
            padded),
      image);
}

TEST(Moves, ASliceTakesEveryStridethElement) {
  const Sources sources =
      slice_sources(std::vector{10}, std::vector{1}, std::vector{3}, std::vector{4});
  EXPECT_EQ(sources, (Sources{1, 5, 9}));
}

TEST(Moves, PermuteMovesEachElementWhereItsAxesSay) {
  const Sources sources = permute_sources(std::vector{2, 3, 4}, std::vector{2, 0, 1});
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t a = 0; a < 2; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        EXPECT_EQ(sources[(c * 2 + a) * 3 + b], static_cast<std::int64_t>((a * 3 + b) * 4 + c));
      }
    }
  }
}

TEST(Moves, APermutationAndItsInverseGiveBackTheInput) {
  Dice dice(5);
  const auto image = dice.codes(4 * 5 * 3);
  const auto turned = moved(permute_sources(kShape, std::vector{1, 2, 0}), image);
  EXPECT_EQ(moved(permute_sources(std::vector{5, 3, 4}, std::vector{2, 0, 1}), turned), image);
}

TEST(Broadcast, AlignsAxesAtTheEnd) {
  EXPECT_EQ(broadcast_sources(std::vector{3}, std::vector{2, 3}),
            (std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(broadcast_sources(std::vector{2, 1}, std::vector{2, 3}),
            (std::vector<std::uint32_t>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(broadcast_sources({}, std::vector{2}), (std::vector<std::uint32_t>{0, 0}));
}

TEST(Broadcast, RefusesSizesThatDoNotFit) {
  EXPECT_THROW(broadcast_sources(std::vector{2}, std::vector{2, 3}), std::invalid_argument);
  EXPECT_THROW(broadcast_sources(std::vector{1, 2, 3}, std::vector{2, 3}), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::kernel::reference
