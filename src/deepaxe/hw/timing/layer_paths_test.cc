#include "deepaxe/hw/timing/layer_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

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

std::vector<std::string_view> circuits_of(const model::Int8Model& model, int node) {
  std::vector<std::string_view> circuits;
  for (const LogicPath& path : layer_paths(model, node, 1, MemoryStyle::kBlock)) {
    circuits.push_back(path.circuit);
  }
  return circuits;
}

TEST(LayerPaths, AreThoseOfTheModule) {
  using Circuits = std::vector<std::string_view>;
  const model::Int8Model model =
      scaled(cost::NetworkBuilder({8, 8, 2})
                 .conv(3, 4, true)
                 .max_pool()
                 .add("relu", model::Activate{}, {4, 4, 4}, 0, 0)
                 .add("mean", model::GlobalPool{.kind = model::PoolKind::kAverage}, {4}, 0, 0)
                 .build(),
             quant::Rounding::kDouble);
  EXPECT_EQ(circuits_of(model, 1),
            (Circuits{"memory", "walker", "accumulator", "scaling", "rounding"}));
  EXPECT_EQ(circuits_of(model, 2), (Circuits{"memory", "walker", "comparison"}));
  EXPECT_EQ(circuits_of(model, 3), (Circuits{"memory", "walker", "table"}));
  EXPECT_EQ(circuits_of(model, 4), (Circuits{"memory", "walker", "scaling", "rounding"}));
}

// Sums of 25 products have 21 bits.
TEST(LayerPaths, ABiasWiderThanTheSumMakesTheRequantizerSlower) {
  model::Int8Model model = scaled_lenet5(quant::Rounding::kDouble);
  const auto delay = [&](std::string_view circuit) {
    return delay_in(layer_paths(model, 1, 6, MemoryStyle::kBlock), circuit);
  };
  const double scaling = delay("scaling"), rounding = delay("rounding"), sum = delay("accumulator");
  model.nodes[1].bias[3] = 1 << 28;
  EXPECT_GT(delay("scaling"), scaling);
  EXPECT_GT(delay("rounding"), rounding);
  EXPECT_EQ(delay("accumulator"), sum);
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
