#include "deepaxe/hw/cost/block_ram.h"

#include <gtest/gtest.h>

#include <utility>

namespace deepaxe::hw::cost {
namespace {

TEST(BlockRam, ABlockHoldsItsBitsInEachOfItsShapes) {
  for (const auto& [width, words] :
       {std::pair{1, 32768}, {2, 16384}, {4, 8192}, {9, 4096}, {18, 2048}, {36, 1024}, {72, 512}}) {
    EXPECT_EQ(block_ram_36kb(words, width), 1) << width;
    EXPECT_EQ(block_ram_36kb(words / 2, width), width == 72 ? 1 : 0.5) << width;
    EXPECT_EQ(block_ram_36kb(words + 1, width), width == 72 ? 2 : 1.5) << width;
  }
}

TEST(BlockRam, NothingTakesNoneAndNoMemoryTakesLessThanItsBits) {
  EXPECT_EQ(block_ram_36kb(0, 8), 0);
  for (int width = 1; width <= 256; width += 5) {
    for (const int words : {1, 25, 150, 720, 1920, 30720}) {
      EXPECT_GE(block_ram_36kb(words, width) * 36'864, 1.0 * words * width);
      EXPECT_LE(block_ram_36kb(words, width), block_ram_36kb(words, width + 1));
    }
  }
}

// What yosys 0.23 makes of the weights of LeNet-5, lanes x 8 bits wide.
TEST(BlockRam, AgreesWithYosysOnWeightsOfManyLanes) {
  EXPECT_EQ(block_ram_36kb(7680, 32), 7.5);
  EXPECT_EQ(block_ram_36kb(1920, 128), 7.5);
  EXPECT_EQ(block_ram_36kb(720, 128), 4);
  EXPECT_EQ(block_ram_36kb(25, 48), 1);
  EXPECT_EQ(block_ram_36kb(150, 128), 2);
}

}  // namespace
}  // namespace deepaxe::hw::cost
