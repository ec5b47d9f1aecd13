#include "deepaxe/engine/float_engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/philox.h"

namespace deepaxe::engine {
namespace {

using model::FloatModel;
using model::FloatNode;
using model::Shape;

std::vector<float> random_floats(std::size_t count, std::uint64_t stream) {
  const base::CounterRng rng(7, stream);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(rng.unit(i) * 2 - 1);
  return values;
}

FloatModel input_only(Shape shape) {
  FloatModel model;
  model.nodes.resize(1);
  model.nodes[0].name = "in";
  model.nodes[0].shape = std::move(shape);
  return model;
}

// Appends a node that reads the last one (or `inputs`), random weights, its shape inferred.
void append(FloatModel& model, model::Op op, std::size_t num_weights = 0, std::size_t num_bias = 0,
            Shape declared = {}, const std::vector<int>& inputs = {}) {
  FloatNode node;
  node.name = "n" + std::to_string(model.nodes.size());
  node.op = std::move(op);
  node.inputs =
      inputs.empty() ? std::vector<int>{static_cast<int>(model.nodes.size()) - 1} : inputs;
  node.weights = random_floats(num_weights, model.nodes.size());
  node.bias = random_floats(num_bias, 100 + model.nodes.size());
  node.shape = std::move(declared);
  node.shape = infer_shape(model, node);
  model.nodes.push_back(std::move(node));
  model.output = static_cast<int>(model.nodes.size()) - 1;
  model::validate(model, "test");
}

// The definition, straight from the op's weights as stored (OHWI), in double.
double convolve(const FloatNode& node, const Shape& in, const std::vector<float>& x, int row,
                int column, int out) {
  const auto& op = std::get<model::Conv2d>(node.op);
  const model::Window& w = op.window;
  const int depth = in[2] / op.groups;
  const int first = out / (node.shape[2] / op.groups) * depth;
  double sum = node.bias[static_cast<std::size_t>(out)];
  for (int i = 0; i < w.kernel_h; ++i) {
    for (int j = 0; j < w.kernel_w; ++j) {
      const int r = row * w.stride_h - w.pad_top + i * w.dilation_h;
      const int c = column * w.stride_w - w.pad_left + j * w.dilation_w;
      if (r < 0 || c < 0 || r >= in[0] || c >= in[1]) continue;
      for (int k = 0; k < depth; ++k) {
        const int weight = ((out * w.kernel_h + i) * w.kernel_w + j) * depth + k;
        sum +=
            static_cast<double>(x[static_cast<std::size_t>((r * in[1] + c) * in[2] + first + k)]) *
            node.weights[static_cast<std::size_t>(weight)];
      }
    }
  }
  return sum;
}

void expect_convolution(const model::Conv2d& op, int in_channels, int outputs) {
  FloatModel model = input_only({7, 6, in_channels});
  const int terms = op.window.kernel_h * op.window.kernel_w * in_channels / op.groups;
  append(model, op, static_cast<std::size_t>(terms * outputs), static_cast<std::size_t>(outputs));
  const auto tensors = run_float(model, random_floats(model::num_elements({7, 6, in_channels}), 5));
  const FloatNode& node = model.nodes[1];
  std::size_t at = 0;
  for (int r = 0; r < node.shape[0]; ++r) {
    for (int c = 0; c < node.shape[1]; ++c) {
      for (int o = 0; o < outputs; ++o) {
        const double expected = convolve(node, model.nodes[0].shape, tensors[0], r, c, o);
        ASSERT_NEAR(tensors[1][at++], expected, 1e-4) << r << ' ' << c << ' ' << o;
      }
    }
  }
}

// Output counts around the width of a tile (8), columns around its height (4).
TEST(FloatEngine, ConvolutionIsItsDefinitionForEveryTail) {
  for (const int outputs : {1, 7, 8, 9, 17}) {
    expect_convolution({.window = {.kernel_h = 3, .kernel_w = 2}}, 3, outputs);
  }
}

TEST(FloatEngine, ConvolutionHonoursStridePaddingDilationAndGroups) {
  expect_convolution({.window = {.kernel_h = 3,
                                 .kernel_w = 3,
                                 .stride_h = 2,
                                 .stride_w = 1,
                                 .dilation_h = 1,
                                 .dilation_w = 2,
                                 .pad_top = 1,
                                 .pad_bottom = 2,
                                 .pad_left = 0,
                                 .pad_right = 3}},
                     4, 6);
  expect_convolution({.window = {.kernel_h = 2, .kernel_w = 2}, .groups = 2}, 4, 6);
}

TEST(FloatEngine, DepthwiseIsAConvolutionWithOneGroupAChannel) {
  const model::Window window{.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_left = 1};
  FloatModel depthwise = input_only({6, 6, 3});
  append(depthwise, model::DepthwiseConv2d{.window = window, .depth_multiplier = 2}, 9 * 6, 6);
  FloatModel grouped = input_only({6, 6, 3});
  append(grouped, model::Conv2d{.window = window, .groups = 3}, 9 * 6, 6);
  for (std::size_t tap = 0; tap < 9; ++tap) {
    for (std::size_t o = 0; o < 6; ++o) {
      grouped.nodes[1].weights[o * 9 + tap] = depthwise.nodes[1].weights[tap * 6 + o];
    }
  }
  const auto image = random_floats(108, 5);
  const auto a = run_float(depthwise, image)[1];
  const auto b = run_float(grouped, image)[1];
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-5);
}

TEST(FloatEngine, AverageLeavesPaddingOutOfTheCount) {
  FloatModel model = input_only({3, 3, 1});
  model::Window window{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
  model::set_same_padding(window, 3, 3);
  append(model, model::Pool{.kind = model::PoolKind::kAverage, .window = window});
  const auto out = run_float(model, std::vector<float>(9, 3.0F))[1];
  EXPECT_EQ(out, std::vector<float>(4, 3.0F));
}

TEST(FloatEngine, GlobalPoolIsAPoolOverTheWholeImage) {
  for (const auto kind : {model::PoolKind::kMax, model::PoolKind::kAverage}) {
    FloatModel model = input_only({4, 5, 3});
    append(model, model::Pool{.kind = kind, .window = {.kernel_h = 4, .kernel_w = 5}});
    append(model, model::GlobalPool{.kind = kind}, 0, 0, {3}, {0});
    const auto tensors = run_float(model, random_floats(60, 1));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(tensors[1][c], tensors[2][c], 1e-6);
  }
}

TEST(FloatEngine, CropUndoesPadAndPermuteUndoesItsInverse) {
  FloatModel model = input_only({4, 5, 3});
  append(model, model::make_image_pad(1, 2, 3, 4));
  append(model, model::make_image_crop(model.nodes.back().shape, 1, 2, 3, 4));
  append(model, model::Permute{.axes = {2, 0, 1}});
  append(model, model::Permute{.axes = {1, 2, 0}});
  const auto tensors = run_float(model, random_floats(60, 1));
  EXPECT_EQ(tensors[2], tensors[0]);
  EXPECT_EQ(tensors[4], tensors[0]);
  EXPECT_EQ(tensors[3][0 * 20 + 7], tensors[0][7 * 3 + 0]);
}

TEST(FloatEngine, ConcatenateKeepsEachInputSideBySide) {
  FloatModel model = input_only({2, 2, 1});
  append(model, model::Affine{}, 1, 1);
  append(model, model::Concatenate{.axis = 2}, 0, 0, {}, {0, 1});
  const auto tensors = run_float(model, random_floats(4, 1));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(tensors[2][2 * i], tensors[0][i]);
    EXPECT_EQ(tensors[2][2 * i + 1], tensors[1][i]);
  }
}

TEST(FloatEngine, ActivationsFollowTheirFormulas) {
  const std::vector<float> x = {-2, -0.5F, 0, 0.5F, 2, 9};
  const auto apply = [&](model::Activation activation) {
    FloatModel model = input_only({6});
    append(model, model::Activate{.activation = activation});
    return run_float(model, x)[1];
  };
  using Kind = model::ActivationKind;
  EXPECT_EQ(apply({.kind = Kind::kRelu, .max_value = 6, .has_max = true}),
            (std::vector<float>{0, 0, 0, 0.5F, 2, 6}));
  EXPECT_EQ(apply({.kind = Kind::kRelu, .negative_slope = 0.5F, .threshold = 1}),
            (std::vector<float>{-1.5F, -0.75F, -0.5F, -0.25F, 2, 9}));
  EXPECT_FLOAT_EQ(apply({.kind = Kind::kTanh})[1], std::tanh(-0.5F));
  EXPECT_FLOAT_EQ(apply({.kind = Kind::kSigmoid})[2], 0.5F);
}

TEST(FloatEngine, SoftmaxSumsToOneForLargeLogits) {
  FloatModel model = input_only({3});
  append(model, model::Softmax{});
  const auto out = run_float(model, std::vector<float>{1000, 1001, 999})[1];
  EXPECT_NEAR(std::accumulate(out.begin(), out.end(), 0.0F), 1, 1e-6);
  EXPECT_GT(out[1], out[0]);
}

TEST(EvaluateFloat, IsTheSameForAnyNumberOfThreads) {
  FloatModel model = input_only({8});
  append(model, model::Dense{}, 40, 5);
  append(model, model::Softmax{});
  const auto images = random_floats(8 * 20, 3);
  const std::vector<int> labels(20, 1);
  const FloatEvaluation one = evaluate_float(model, images, labels, 1);
  const FloatEvaluation three = evaluate_float(model, images, labels, 3);
  EXPECT_EQ(one.logits, three.logits);
  EXPECT_EQ(one.correct, three.correct);
  EXPECT_EQ(one.correct, std::count(one.predictions.begin(), one.predictions.end(), 1));
  const auto tensors = run_float(model, std::span(images).first(8));
  EXPECT_TRUE(std::equal(tensors[1].begin(), tensors[1].end(), one.logits.begin()));
}

TEST(EvaluateFloat, RefusesImagesThatDoNotFit) {
  FloatModel model = input_only({8});
  append(model, model::Dense{}, 40, 5);
  EXPECT_THROW(evaluate_float(model, random_floats(9, 1), {}, 1), std::invalid_argument);
  EXPECT_THROW(run_float(model, random_floats(9, 1)), std::invalid_argument);
}

TEST(EvaluateFloat, StopsWhenInterrupted) {
  FloatModel model = input_only({8});
  append(model, model::Dense{}, 40, 5);
  base::request_interrupt();
  EXPECT_THROW(evaluate_float(model, random_floats(8, 1), {}, 1), base::Interrupted);
  base::clear_interrupt();
}

}  // namespace
}  // namespace deepaxe::engine
