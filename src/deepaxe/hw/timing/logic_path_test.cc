#include "deepaxe/hw/timing/logic_path.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::timing {
namespace {

TEST(LogicPath, ADeeperCircuitTakesLonger) {
  for (int levels = 1; levels < 12; ++levels) {
    EXPECT_LT(delay_of({.lut_levels = levels}).ns, delay_of({.lut_levels = levels + 1}).ns);
  }
  const LogicPath adder{.lut_levels = 1, .carry_chains = 1, .carry_bits = 16};
  LogicPath wider = adder;
  wider.carry_bits = 20;
  EXPECT_NEAR(delay_of(wider).ns - delay_of(adder).ns, kArtix7Minus1.carry_4, 1e-12);
}

TEST(LogicPath, IsTheSumOfItsCellsAndNets) {
  const LogicPath path{.end = PathEnd::kReset, .lut_levels = 2};
  const DeviceTiming& t = kArtix7Minus1;
  EXPECT_NEAR(delay_of(path).ns, t.register_to_q + 2 * t.lut + 3 * t.net + t.reset_setup, 1e-12);
  EXPECT_NEAR(delay_of({.start = PathStart::kMemory}).ns, t.memory_to_q + t.net, 1e-12);
}

TEST(LogicPath, TheBarIsThatOfItsNets) {
  const PathDelay delay = delay_of({.lut_levels = 5});
  EXPECT_NEAR(delay.high_ns - delay.ns, 5 * kArtix7Minus1.net_deviation, 1e-12);
  EXPECT_NEAR(delay.ns - delay.low_ns, 5 * kArtix7Minus1.net_deviation, 1e-12);
}

TEST(LogicPath, StagesDivideThePathUntilItMeetsTheClock) {
  const LogicPath path{.lut_levels = 9};
  EXPECT_EQ(stages_needed(path, to_mhz(delay_of(path).ns)), 1);
  EXPECT_EQ(stages_needed(path, to_mhz(delay_of({.lut_levels = 5}).ns)), 2);
  EXPECT_EQ(stages_needed(path, to_mhz(delay_of({.lut_levels = 1}).ns)), 9);
  EXPECT_EQ(stages_needed(path, 1000), 0);  // A single level takes longer.
}

}  // namespace
}  // namespace deepaxe::hw::timing
