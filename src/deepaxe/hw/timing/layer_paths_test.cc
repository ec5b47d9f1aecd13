#include "deepaxe/hw/timing/layer_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::timing {
namespace {

using cost::MemoryStyle;

// One scale in each layer.
model::Int8Model scaled(model::Int8Model model, quant::Rounding rounding) {
  for (model::Int8Node& node : model.nodes) {
    node.quant = {.scale = 0.5F, .zero_point = 0};
    node.rounding = rounding;
    if (model::is_computing(node.op)) node.weight_scales = {0.25F};
  }
  return model;
}

model::Int8Model scaled_lenet5(quant::Rounding rounding) {
  return scaled(cost::lenet5(), rounding);
}

double delay_in(const std::vector<LogicPath>& paths, std::string_view circuit) {
  const auto path = std::ranges::find(paths, circuit, &LogicPath::circuit);
  return path == paths.end() ? 0 : delay_of(*path).ns;
}

TEST(LayerPaths, WhatHasNoModuleHasNone) {
  const model::Int8Model model = scaled_lenet5(quant::Rounding::kDouble);
  EXPECT_TRUE(layer_paths(model, 0, 1, MemoryStyle::kBlock).empty());
  EXPECT_TRUE(layer_paths(model, 5, 1, MemoryStyle::kBlock).empty());  // Flatten.
}

TEST(LayerPaths, ALongerSumHasALongerAccumulator) {
  const auto accumulator = [](const model::Int8Model& network, int node) {
    const model::Int8Model model = scaled(network, quant::Rounding::kDouble);
    return delay_in(layer_paths(model, node, 1, MemoryStyle::kBlock), "accumulator");
  };
  const double conv = accumulator(cost::lenet5(), 1);  // 25 products.
  EXPECT_GT(conv, 0);
  EXPECT_GT(accumulator(cost::mlp3(), 2), conv);  // 784.
}

double rounding_of_shifts(quant::Rounding kind, float least_scale) {
  model::Int8Model model = scaled_lenet5(kind);
  model.nodes[1].weight_scales = {0.25F, 0.25F, 0.25F, 0.25F, 0.25F, least_scale};
  return delay_in(layer_paths(model, 1, 1, MemoryStyle::kBlock), "rounding");
}

TEST(LayerPaths, OfTwoRoundingsTheShiftByChannelIsInTheLastCycle) {
  const auto kind = quant::Rounding::kDouble;
  EXPECT_GT(rounding_of_shifts(kind, 0.0625F), rounding_of_shifts(kind, 0.25F));
  EXPECT_GT(rounding_of_shifts(kind, 0.001F), rounding_of_shifts(kind, 0.0625F));
}

TEST(LayerPaths, OfOneRoundingTheShiftByChannelIsNot) {
  const auto kind = quant::Rounding::kSingle;
  EXPECT_EQ(rounding_of_shifts(kind, 0.0625F), rounding_of_shifts(kind, 0.25F));
}

// The clock that projects ask for by default, whatever the layer and its lanes.
TEST(LayerPaths, AllAreShorterThanTheDefaultPeriod) {
  for (const model::Int8Model& network : {cost::lenet5(), cost::alexnet(), cost::mlp3()}) {
    for (const quant::Rounding kind : {quant::Rounding::kSingle, quant::Rounding::kDouble}) {
      const model::Int8Model model = scaled(network, kind);
      for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
        for (const int lanes : {1, 2, 4, 8, 16, 64}) {
          for (const LogicPath& path : layer_paths(model, node, lanes, MemoryStyle::kBlock)) {
            EXPECT_LT(delay_of(path).ns, 10) << path.circuit << " of node " << node;
          }
        }
      }
    }
  }
}

TEST(LayerPaths, MoreCyclesForASumNeverMakeScalingSlower) {
  const model::Int8Model model = scaled_lenet5(quant::Rounding::kDouble);
  const double many = delay_in(layer_paths(model, 1, 6, MemoryStyle::kBlock), "scaling");
  EXPECT_LE(delay_in(layer_paths(model, 1, 1, MemoryStyle::kBlock), "scaling"), many);
}

}  // namespace
}  // namespace deepaxe::hw::timing
