#include "deepaxe/calibrate/weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "deepaxe/calibrate/test_models.h"

namespace deepaxe::calibrate {
namespace {

struct Quantized {
  model::Int8Node node;
  LayerStats stats;
};

Quantized run(const model::FloatNode& node, bool per_tensor = false) {
  Quantized result;
  result.node.op = node.op;
  result.node.shape = node.shape;
  quantize_weights(node, {.input_scale = 0.01F, .per_tensor = per_tensor}, result.node,
                   result.stats);
  return result;
}

TEST(Weights, TheLargestOfEachChannelHasCode127) {
  const model::FloatNode dense = test_computing("d", model::Dense{}, 0, {5}, 80);
  const Quantized result = run(dense);
  for (std::size_t o = 0; o < 5; ++o) {
    int largest = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      largest = std::max(largest, std::abs(int{result.node.weights[o * 16 + i]}));
    }
    EXPECT_EQ(largest, 127);
  }
}

TEST(Weights, EveryWeightIsWithinHalfACode) {
  const model::FloatNode conv = test_computing("c", model::Conv2d{}, 0, {4, 4, 3}, 54);
  const Quantized result = run(conv);
  for (std::size_t i = 0; i < 54; ++i) {
    const float scale = result.node.weight_scales[i / 18];
    const float back = scale * static_cast<float>(result.node.weights[i]);
    EXPECT_LE(std::abs(back - conv.weights[i]), 0.5001F * scale);
  }
}

TEST(Weights, PerTensorAllChannelsHaveTheLargestOfTheirScales) {
  for (const std::vector<float>& bias : {std::vector<float>(5), {0, 1e9F, 0, 0, 0}}) {
    model::FloatNode dense = test_computing("d", model::Dense{}, 0, {5}, 80);
    dense.bias = bias;
    const std::vector<float> scales = run(dense).node.weight_scales;
    EXPECT_EQ(run(dense, true).node.weight_scales,
              std::vector<float>{*std::max_element(scales.begin(), scales.end())});
  }
}

TEST(Weights, PerTensorEveryWeightIsWithinHalfACode) {
  const model::FloatNode conv = test_computing("c", model::DepthwiseConv2d{}, 0, {4, 4, 3}, 54);
  const Quantized result = run(conv, true);
  const float scale = result.node.weight_scales.at(0);
  for (std::size_t i = 0; i < 54; ++i) {
    const float back = scale * static_cast<float>(result.node.weights[i]);
    EXPECT_LE(std::abs(back - conv.weights[i]), 0.5001F * scale);
  }
}

TEST(Weights, ChannelsOfDepthwiseConvolutionsAreInnermost) {
  model::FloatNode node = test_computing("d", model::DepthwiseConv2d{}, 0, {4, 4, 2}, 18);
  for (std::size_t i = 1; i < 18; i += 2) node.weights[i] *= 1000;
  const Quantized result = run(node);
  EXPECT_GT(result.node.weight_scales[1], 100 * result.node.weight_scales[0]);
}

TEST(Weights, DequantizedTheyAreWithinHalfACode) {
  for (const bool per_tensor : {false, true}) {
    model::FloatNode node = test_computing("d", model::DepthwiseConv2d{}, 0, {4, 4, 2}, 18);
    for (std::size_t i = 1; i < 18; i += 2) node.weights[i] *= 1000;
    const model::Int8Node quantized = run(node, per_tensor).node;
    const std::vector<float> weights = dequantize_weights(quantized);
    const std::vector<float> bias = dequantize_bias(quantized, 0.01F);
    for (std::size_t i = 0; i < 18; ++i) {
      const float scale = quantized.weight_scales[per_tensor ? 0 : i % 2];
      EXPECT_LE(std::abs(weights[i] - node.weights[i]), 0.5001F * scale);
    }
    for (std::size_t o = 0; o < 2; ++o) {
      EXPECT_NEAR(bias[o], node.bias[o], 0.5001 * bias_scale(quantized, 0.01F, o));
    }
  }
}

TEST(Weights, DeadChannelsKeepTheirBias) {
  model::FloatNode dense = test_computing("d", model::Dense{}, 0, {2}, 8);
  for (std::size_t i = 0; i < 4; ++i) dense.weights[i] = 0;
  dense.bias = {0.25F, 0.5F};
  const Quantized result = run(dense);
  EXPECT_EQ(result.stats.dead_channels, 1);
  const double scale = 0.01 * double{result.node.weight_scales[0]};
  EXPECT_NEAR(result.node.bias[0] * scale, 0.25, scale);
}

TEST(Weights, AllZeroWeightsGiveAllZeroCodes) {
  model::FloatNode dense = test_computing("d", model::Dense{}, 0, {2}, 8);
  dense.weights.assign(8, 0);
  dense.bias.clear();
  const Quantized result = run(dense);
  EXPECT_EQ(result.node.weights, std::vector<std::int8_t>(8));
  EXPECT_EQ(result.node.bias, std::vector<std::int32_t>(2));
  EXPECT_GT(result.node.weight_scales[0], 0);
}

TEST(Weights, AHugeBiasWidensItsChannelInsteadOfOverflowing) {
  model::FloatNode dense = test_computing("d", model::Dense{}, 0, {2}, 8);
  dense.bias = {1e9F, 0.5F};
  const Quantized result = run(dense);
  EXPECT_EQ(result.stats.widened_channels, 1);
  const double scale = 0.01 * double{result.node.weight_scales[0]};
  EXPECT_NEAR(result.node.bias[0] * scale, 1e9, 1e3);
}

}  // namespace
}  // namespace deepaxe::calibrate
