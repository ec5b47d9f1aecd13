#include "deepaxe/hw/cost/layer_resources.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

Resources dense_layer(int in, int out, const std::string& multiplier,
                      const HardwareParams& params) {
  return computing_layer_resources(NetworkBuilder({in}).dense(out).build().nodes[1],
                                   *arith::find_multiplier(multiplier), params.parallel_outputs,
                                   params.baseline);
}

// LUT = 0.832 LC and LC = 380 + N (40.5 + 0.978 LC of a multiplier): all terms are in LC.
TEST(Resources, LutsAreTheAdditiveModelInLogicCellsScaledAsAWhole) {
  const double one = gate_level_luts(*arith::find_multiplier("1KVP")).lcs;
  for (const int n : {1, 2, 16}) {
    const HardwareParams gate{.parallel_outputs = n};
    const HardwareParams dsp{.parallel_outputs = n, .baseline = Baseline::kDsp};
    EXPECT_DOUBLE_EQ(dense_layer(64, 32, "1KVP", gate).luts,
                     0.832 * (380 + n * (40.5 + 0.978 * one)));
    EXPECT_DOUBLE_EQ(dense_layer(64, 32, "exact", dsp).luts, 0.832 * (380 + n * 40.5));
  }
}

TEST(Resources, GrowWithTheLanes) {
  Resources previous;
  for (int n = 1; n <= 64; n *= 2) {
    const Resources now = dense_layer(64, 64, "1KVP", {.parallel_outputs = n});
    EXPECT_GT(now.luts, previous.luts);
    EXPECT_GT(now.ffs, previous.ffs);
    EXPECT_GE(now.bram_36kb, previous.bram_36kb);
    previous = now;
  }
}

TEST(Resources, DspsAreOnlyInExactLayersOfTheDspBaseline) {
  const HardwareParams dsp{.parallel_outputs = 4, .baseline = Baseline::kDsp};
  EXPECT_EQ(dense_layer(64, 32, "exact", dsp).dsps, 4);
  EXPECT_EQ(dense_layer(64, 32, "1KVP", dsp).dsps, 0);
  for (const Baseline baseline : {Baseline::kNative, Baseline::kGate}) {
    EXPECT_EQ(dense_layer(64, 32, "exact", {.parallel_outputs = 4, .baseline = baseline}).dsps, 0);
  }
}

// 18,432 bits are 2,304 weights; output and parameters take half a block each.
TEST(Resources, MemoriesAreRoundedUpToHalfBlocks) {
  EXPECT_EQ(dense_layer(2304, 1, "exact", {}).bram_36kb, 0.5 + 0.5 + 0.5);
  EXPECT_EQ(dense_layer(2305, 1, "exact", {}).bram_36kb, 1.0 + 0.5 + 0.5);
  EXPECT_EQ(dense_layer(4, 64, "exact", {.parallel_outputs = 64}).bram_36kb,
            0.5 * 15 + 0.5 + 0.5);  // 64 bytes a cycle need ceil(512 / 36) = 15 halves.
}

TEST(Resources, OtherLayersHoldTheirOutputAndRenamedOnesNothing) {
  const model::Int8Model model = lenet5();
  const Resources pool = other_layer_resources(model.nodes[2]);
  EXPECT_EQ(pool.luts, 0);
  EXPECT_EQ(pool.bram_36kb, 0.5);                                 // 864 bytes.
  EXPECT_EQ(other_layer_resources(model.nodes[5]).bram_36kb, 0);  // Flatten.
}

}  // namespace
}  // namespace deepaxe::hw::cost
