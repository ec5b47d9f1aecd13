#include "deepaxe/calibrate/lowering.h"

#include <gtest/gtest.h>

#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/test_models.h"
#include "deepaxe/engine/float_engine.h"

namespace deepaxe::calibrate {
namespace {

// image 4x4x2 and one more node over it, the output.
model::FloatModel model_of(model::FloatNode node) {
  model::FloatModel m{.name = "one", .nodes = {}, .output = 1};
  m.nodes.push_back(test_node("image", model::Input{}, {}, {4, 4, 2}));
  m.nodes.push_back(std::move(node));
  return m;
}

void expect_same_function(const model::FloatModel& m) {
  const model::FloatModel lowered = lower(m);
  const std::vector<float> image = test_values(model::num_elements(m.input_shape()), 5);
  const auto expected = engine::run_float(m, image)[static_cast<std::size_t>(m.output)];
  const auto found = engine::run_float(lowered, image)[static_cast<std::size_t>(lowered.output)];
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
}

std::string refusal_of(model::FloatNode node) {
  try {
    lower(model_of(std::move(node)));
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Lowering, SumsOfManyBecomeSumsOfTwo) {
  model::FloatModel m = model_of(test_node("relu", test_relu(), {0}, {4, 4, 2}));
  m.nodes.push_back(test_node("sum", model::Arithmetic{}, {0, 1, 0, 1}, {4, 4, 2}));
  m.output = 2;
  expect_same_function(m);
  const model::FloatModel lowered = lower(m);
  EXPECT_EQ(lowered.nodes.back().name, "sum");
  for (const model::FloatNode& node : lowered.nodes) EXPECT_LE(node.inputs.size(), 2U);
}

TEST(Lowering, AffineBecomesADepthwiseConvolution) {
  const model::FloatModel m = model_of(test_computing("norm", model::Affine{}, 0, {4, 4, 2}, 2));
  expect_same_function(m);
  EXPECT_EQ(model::computing_nodes(lower(m)).size(), 1U);
}

TEST(Lowering, AffineOfAVectorIsReshapedThereAndBack) {
  model::FloatModel m = model_of(test_node("flat", model::Reshape{}, {0}, {32}));
  m.nodes.push_back(test_computing("norm", model::Affine{}, 1, {32}, 32));
  m.output = 2;
  expect_same_function(m);
}

TEST(Lowering, GlobalMaximumBecomesAPool) {
  expect_same_function(
      model_of(test_node("max", model::GlobalPool{model::PoolKind::kMax}, {0}, {2})));
  expect_same_function(
      model_of(test_node("max", model::GlobalPool{model::PoolKind::kMax}, {0}, {1, 1, 2})));
}

TEST(Lowering, AnAverageOverTheWholeImageMayRescale) {
  const model::Pool pool{.kind = model::PoolKind::kAverage,
                         .window = {.kernel_h = 4, .kernel_w = 4, .stride_h = 4, .stride_w = 4}};
  const model::FloatModel m = model_of(test_node("average", pool, {0}, {1, 1, 2}));
  expect_same_function(m);
  EXPECT_TRUE(std::holds_alternative<model::GlobalPool>(lower(m).nodes.back().op));
}

TEST(Lowering, OddPaddingBecomesALayerOfItsOwn) {
  const model::Window window{.kernel_h = 2, .kernel_w = 2, .pad_top = 1, .pad_left = 1};
  const model::FloatModel m =
      model_of(test_computing("conv", model::Conv2d{.window = window}, 0, {4, 4, 3}, 24));
  expect_same_function(m);
  EXPECT_TRUE(std::holds_alternative<model::Pad>(lower(m).nodes[1].op));
}

TEST(Lowering, LinearActivationsVanish) {
  EXPECT_EQ(lower(model_of(test_node("linear", model::Activate{}, {0}, {4, 4, 2}))).nodes.size(),
            1U);
}

TEST(Lowering, ARescalingStandsBetweenTanhAndConcatenation) {
  model::FloatModel m = model_of(
      test_node("act", model::Activate{{.kind = model::ActivationKind::kTanh}}, {0}, {4, 4, 2}));
  m.nodes.push_back(test_node("join", model::Concatenate{.axis = 2}, {0, 1}, {4, 4, 4}));
  m.output = 2;
  expect_same_function(m);
  const model::FloatModel lowered = lower(m);
  ASSERT_EQ(lowered.nodes.size(), 4U);
  EXPECT_EQ(lowered.nodes[2].name, "join/rescale_1");
}

TEST(Lowering, WhatHasNoInt8FormIsRefusedByName) {
  const auto activation = [](model::Activation a) {
    return refusal_of(test_node("act7", model::Activate{.activation = a}, {0}, {4, 4, 2}));
  };
  const std::string threshold = activation({.kind = model::ActivationKind::kRelu, .threshold = 1});
  EXPECT_NE(threshold.find("layer act7"), std::string::npos);
  EXPECT_NE(threshold.find("threshold"), std::string::npos);
  EXPECT_NE(activation({.kind = model::ActivationKind::kRelu,
                        .max_value = 6,
                        .has_max = true,
                        .negative_slope = 0.3F})
                .find("slope"),
            std::string::npos);
}

}  // namespace
}  // namespace deepaxe::calibrate
