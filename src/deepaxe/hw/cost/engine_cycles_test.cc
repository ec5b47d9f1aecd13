#include "deepaxe/hw/cost/engine_cycles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <variant>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

// Cycles of a Verilog engine whose layers ran one after another, measured by simulation.
TEST(EngineCycles, AreFewerThanThoseOfLayersOneAfterAnother) {
  EXPECT_LE(engine_cycles(lenet5(), 1), 286'149);
  EXPECT_LE(engine_cycles(lenet5(), 2), 145'334);
  EXPECT_LE(engine_cycles(lenet5(), 4), 82'341);
  EXPECT_LE(engine_cycles(lenet5(), 8), 43'586);
  EXPECT_LE(engine_cycles(lenet5(), 16), 31'417);
}

TEST(EngineCycles, NeverGrowByMoreThanThePipelineOfOneMoreLane) {
  for (const model::Int8Model& model : {lenet5(), alexnet(), mlp3()}) {
    std::int64_t previous = std::numeric_limits<std::int64_t>::max() / 2;
    const auto num_layers = static_cast<std::int64_t>(model::computing_nodes(model).size());
    for (int n = 1; n <= 64; n *= 2) {
      const std::int64_t now = engine_cycles(model, n);
      EXPECT_LE(now, previous + num_layers * (n + 40)) << n << " parallel outputs";
      previous = now;
    }
  }
}

TEST(EngineCycles, AreAtLeastTheProductsSharedOutOverTheLanes) {
  const model::Int8Model model = alexnet();
  for (const int node : model::computing_nodes(model)) {
    for (const int n : {1, 3, 16}) {
      EXPECT_GE(engine_layer_cycles(model, node, n) * n, model::num_macs(model, node));
    }
  }
}

TEST(EngineCycles, OfTheNetworkLieBetweenItsSlowestLayerAndTheSumOfThem) {
  for (const model::Int8Model& model : {lenet5(), alexnet(), mlp3()}) {
    std::int64_t sum = 1, slowest = 0;
    for (int i = 0; i < static_cast<int>(model.nodes.size()); ++i) {
      const std::int64_t layer = engine_layer_cycles(model, i, 4);
      sum += layer;
      slowest = std::max(slowest, layer);
    }
    EXPECT_GT(engine_cycles(model, 4), slowest);
    EXPECT_LE(engine_cycles(model, 4), sum);
  }
}

// Dense layers need all of their input: nothing overlaps.
TEST(EngineCycles, OfDenseLayersAddUp) {
  const model::Int8Model model = mlp3();
  std::int64_t sum = 1;
  for (const int node : model::computing_nodes(model)) sum += engine_layer_cycles(model, node, 3);
  EXPECT_EQ(engine_cycles(model, 3), sum);
}

TEST(EngineCycles, ShortSumsWaitForTheirWayOut) {
  const model::Int8Model model = NetworkBuilder({2}).dense(16).build();  // 2 products per output.
  const std::int64_t one = engine_layer_cycles(model, 1, 1);
  const std::int64_t eight = engine_layer_cycles(model, 1, 8);
  EXPECT_LT(one, 16 * 2 + 16);      // The rest is the pipeline.
  EXPECT_GE(eight, 8 + 8 + 2 - 1);  // Each group's sums leave one a cycle.
}

TEST(EngineCycles, LanesOfDepthwiseConvolutionsShareNoInputs) {
  model::Int8Model model = NetworkBuilder({8, 8, 4}).conv(3, 4, true).build();
  const model::Window window = std::get<model::Conv2d>(model.nodes[1].op).window;
  model.nodes[1].op = model::DepthwiseConv2d{.window = window, .depth_multiplier = 1};
  const std::int64_t one = engine_layer_cycles(model, 1, 1);
  EXPECT_GE(one, 8 * 8 * 4 * 9);
  EXPECT_EQ(engine_layer_cycles(model, 1, 4), one);
  model.nodes[1].op = model::Conv2d{.window = window, .groups = 2};
  EXPECT_NEAR(static_cast<double>(engine_layer_cycles(model, 1, 2)), 8 * 8 * 2 * (2 * 9), 40);
}

TEST(EngineCycles, RenamedTensorsAndTheInputTakeNone) {
  const model::Int8Model model = mlp3();
  EXPECT_EQ(engine_layer_cycles(model, 0, 1), 0);
  EXPECT_EQ(engine_layer_cycles(model, 1, 1), 0);
}

TEST(EngineCycles, RejectLessThanOneLane) {
  EXPECT_THROW(engine_cycles(lenet5(), 0), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::cost
