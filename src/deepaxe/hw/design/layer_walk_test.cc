#include "deepaxe/hw/design/layer_walk.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace deepaxe::hw::design {
namespace {

TEST(LayerWalk, IndexBitsHoldEveryIndexAndNoMore) {
  EXPECT_EQ(index_bits(1), 1);
  for (int bits = 1; bits < 30; ++bits) {
    EXPECT_EQ(index_bits(std::int64_t{1} << bits), bits);
    EXPECT_EQ(index_bits((std::int64_t{1} << bits) + 1), bits + 1);
  }
}

// A product of two codes is at most 128 * 128 < 2^15 in magnitude.
TEST(LayerWalk, NoSumOfItsDepthOverflowsTheAccumulatorUpTo32Bits) {
  for (int depth = 1; depth < 70'000; depth = depth * 3 / 2 + 1) {
    LayerWalk walk;
    walk.set_channels = depth;
    EXPECT_LE(std::int64_t{depth} << 14, (std::int64_t{1} << (walk.sum_bits() - 1)) - 1) << depth;
    EXPECT_LE(walk.sum_bits(), 32);
  }
}

}  // namespace
}  // namespace deepaxe::hw::design
