#include "deepaxe/hw/cost/layer_resources.h"

#include <gtest/gtest.h>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

Resources dense_layer(int in, int out, int outputs) {
  return layer_resources(NetworkBuilder({in}).dense(out).build(), 1, outputs);
}

TEST(LayerResources, GrowWithTheLanes) {
  Resources previous;
  for (int n = 1; n <= 64; n *= 2) {
    const Resources now = dense_layer(64, 64, n);
    EXPECT_GT(now.luts, previous.luts);
    EXPECT_GT(now.ffs, previous.ffs);
    EXPECT_GE(now.bram_36kb, previous.bram_36kb);
    previous = now;
  }
}

TEST(LayerResources, LanesThatALayerHasNoOutputsForAreNotBuilt) {
  EXPECT_EQ(dense_layer(64, 4, 4), dense_layer(64, 4, 64));
}

TEST(LayerResources, MultipliersAreCountedElsewhere) {
  EXPECT_EQ(dense_layer(64, 32, 4).dsps, dense_layer(64, 32, 1).dsps);
}

// One scale: neither a memory of factors nor a word of it.
TEST(LayerResources, OneScaleForAllChannelsTakesLessThanOneForEach) {
  model::Int8Model model = NetworkBuilder({64}).dense(64).build();
  const Resources many = layer_resources(model, 1, 4);
  model.nodes[1].weight_scales = {0.5F};
  const Resources one = layer_resources(model, 1, 4);
  model.nodes[1].weight_scales.assign(64, 0.5F);
  EXPECT_EQ(layer_resources(model, 1, 4), one);
  EXPECT_LT(one.luts, many.luts);
  EXPECT_LT(one.ffs, many.ffs);
  EXPECT_EQ(one.bram_36kb, many.bram_36kb);
}

TEST(LayerResources, ARequantizersProductFillsASliceOrSeveral) {
  EXPECT_EQ(scaling_dsps(25, 2), 1);
  EXPECT_EQ(scaling_dsps(26, 2), 2);
  EXPECT_EQ(scaling_dsps(25, 1), 2);
  EXPECT_EQ(scaling_dsps(32, 1), 4);
}

// An 18 Kb block has 2,048 words of 9 bits.
TEST(LayerResources, WeightsAreInBlocks) {
  EXPECT_EQ(dense_layer(2048, 1, 1).bram_36kb, 0.5);
  EXPECT_EQ(dense_layer(2049, 1, 1).bram_36kb, 1.0);
}

TEST(LayerResources, RenamedTensorsAndTheInputHaveNone) {
  const model::Int8Model model = lenet5();
  EXPECT_EQ(layer_resources(model, 0, 1), Resources{});
  EXPECT_EQ(layer_resources(model, 5, 1), Resources{});  // Flatten.
  EXPECT_GT(layer_resources(model, 2, 1).luts, 0);       // Pool.
  EXPECT_EQ(layer_resources(model, 2, 1).bram_36kb, 0);
}

// Input, two convolutions, two pools and three dense layers: 3,456 elements take a block.
TEST(LayerResources, MemoriesBetweenLayersBelongToTheCore) {
  EXPECT_EQ(core_resources(lenet5()).bram_36kb, 7 * 0.5 + 1);
  EXPECT_EQ(core_resources(lenet5()).dsps, 0);
}

}  // namespace
}  // namespace deepaxe::hw::cost
