#include "deepaxe/hw/design/requantizer_shape.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "deepaxe/hw/design/layer_arrays.h"

namespace deepaxe::hw::design {
namespace {

// A dense layer of two products, hence sums of 17 bits, all weights 1.
model::Int8Model dense_layer(const std::vector<std::int32_t>& bias, std::vector<float> scales) {
  model::Int8Model model;
  model.nodes.resize(2);
  model.nodes[0].op = model::Input{};
  model.nodes[0].shape = {2};
  model::Int8Node& layer = model.nodes[1];
  layer.op = model::Dense{};
  layer.inputs = {0};
  layer.shape = {static_cast<int>(bias.size())};
  layer.weights.assign(2 * bias.size(), 1);
  layer.bias = bias;
  layer.weight_scales = std::move(scales);
  model.output = 1;
  return model;
}

RequantizerShape shape_of(const model::Int8Model& model) {
  return requantizer_shape(model, 1, layer_walk(model, 1, 1));
}

TEST(RequantizerShape, ABiasIsAsWideAsItsTwosComplement) {
  const auto bits = [](std::int32_t bias) { return shape_of(dense_layer({bias}, {1})).bias_bits; };
  EXPECT_EQ(bits(0), 1);
  EXPECT_EQ(bits(-1), 1);
  EXPECT_EQ(bits(127), 8);
  EXPECT_EQ(bits(128), 9);
  EXPECT_EQ(bits(-128), 8);
  EXPECT_EQ(bits(std::numeric_limits<std::int32_t>::min()), 32);
}

TEST(RequantizerShape, TheTotalHoldsSumAndBias) {
  for (const std::int32_t bias : {0, 65'535, -65'536, 65'536, 1 << 20, -(1 << 29)}) {
    const RequantizerShape shape = shape_of(dense_layer({bias}, {1}));
    EXPECT_EQ(shape.sum_bits, 17);
    const std::int64_t most = std::int64_t{1} << (shape.total_bits() - 1);
    EXPECT_LT(65'535 + std::int64_t{bias}, most);
    EXPECT_GE(-65'536 + std::int64_t{bias}, -most);
  }
  EXPECT_EQ(shape_of(dense_layer({65'535}, {1})).total_bits(), 18);
  EXPECT_EQ(shape_of(dense_layer({1 << 20}, {1})).total_bits(), 23);
}

TEST(RequantizerShape, ATotalWrapsAsAnInt32) {
  EXPECT_EQ(shape_of(dense_layer({1 << 30}, {1})).total_bits(), 32);
}

TEST(RequantizerShape, TheZeroPointsShareIsInTheBias) {
  model::Int8Model model = dense_layer({0}, {1});
  model.nodes[0].quant.zero_point = -128;
  EXPECT_EQ(folded_biases(model, 1), std::vector<std::int32_t>{256});
  EXPECT_EQ(shape_of(model).bias_bits, 10);
}

TEST(RequantizerShape, EqualScalesByChannelAreOne) {
  EXPECT_TRUE(shape_of(dense_layer({0, 0}, {0.25F})).has_one_scale);
  EXPECT_TRUE(shape_of(dense_layer({0, 0}, {0.25F, 0.25F})).has_one_scale);
  EXPECT_FALSE(shape_of(dense_layer({0, 0}, {0.25F, 0.375F})).has_one_scale);
}

TEST(RequantizerShape, ShiftsAreCountedFromTheLargest) {
  EXPECT_FALSE(shape_of(dense_layer({0, 0}, {0.25F, 0.375F})).has_shifts);
  const RequantizerShape shape = shape_of(dense_layer({0, 0}, {0.25F, 0.25F / 32}));
  EXPECT_TRUE(shape.has_shifts);
  EXPECT_EQ(shape.shift_bits, 3);  // 5.
}

}  // namespace
}  // namespace deepaxe::hw::design
