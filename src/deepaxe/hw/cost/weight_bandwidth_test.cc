#include "deepaxe/hw/cost/weight_bandwidth.h"

#include <gtest/gtest.h>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

TEST(WeightBandwidth, IsNothingWhereAllWeightsLieInside) {
  for (const std::vector<bool>& none : {std::vector<bool>(), std::vector<bool>(5, false)}) {
    const WeightBandwidth bandwidth = weight_bandwidth(lenet5(), std::vector(5, 1), none, 1000);
    EXPECT_EQ(bandwidth.bytes_per_image, 0);
    EXPECT_EQ(bandwidth.most_bytes_per_second(100), 0);
  }
}

// A dense layer reads each weight once, a convolution for each of its positions.
TEST(WeightBandwidth, CountsWhatIsRead) {
  const auto of = [](std::vector<bool> outside) {
    return weight_bandwidth(lenet5(), std::vector(5, 1), outside, 1000).bytes_per_image;
  };
  EXPECT_EQ(of({false, false, true, false, false}), 256 * 120);
  EXPECT_EQ(of({true, false, false, false, false}), 24 * 24 * 6 * 25);
  EXPECT_EQ(of({true, false, true, false, false}), 256 * 120 + 24 * 24 * 6 * 25);
}

TEST(WeightBandwidth, AMeanOverFewerCyclesIsLargerAndLanesSetTheMost) {
  const std::vector<bool> fc1 = {false, false, true, false, false};
  const WeightBandwidth fast = weight_bandwidth(lenet5(), {1, 1, 8, 1, 1}, fc1, 10'000);
  const WeightBandwidth slow = weight_bandwidth(lenet5(), {1, 1, 8, 1, 1}, fc1, 20'000);
  EXPECT_DOUBLE_EQ(fast.mean_bytes_per_second(100), 2 * slow.mean_bytes_per_second(100));
  EXPECT_EQ(fast.most_bytes_per_cycle, 8);
  EXPECT_DOUBLE_EQ(fast.most_bytes_per_second(100), 800e6);
}

}  // namespace
}  // namespace deepaxe::hw::cost
