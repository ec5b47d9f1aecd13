#include "deepaxe/model/graph.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace deepaxe::model {
namespace {

FloatNode node(std::string name, Op op, std::vector<int> inputs, Shape shape,
               std::size_t num_weights = 0) {
  FloatNode result;
  result.name = std::move(name);
  result.op = std::move(op);
  result.inputs = std::move(inputs);
  result.shape = std::move(shape);
  result.weights.assign(num_weights, 0.5F);
  return result;
}

// input 8x8x2 - conv 3x3 to 4 - flatten - dense 5 - softmax.
FloatModel small_network() {
  FloatModel model;
  model.nodes = {
      node("in", Input{}, {}, {8, 8, 2}),
      node("conv", Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {0}, {6, 6, 4}, 4 * 9 * 2),
      node("flatten", Reshape{}, {1}, {144}),
      node("dense", Dense{}, {2}, {5}, 5 * 144),
      node("softmax", Softmax{}, {3}, {5}),
  };
  model.output = 4;
  return model;
}

Shape shape_of(const Shape& input, Op op, std::size_t num_weights = 0, const Shape& declared = {}) {
  FloatModel model;
  model.nodes.push_back(node("in", Input{}, {}, input));
  return infer_shape(model, node("x", std::move(op), {0}, declared, num_weights));
}

TEST(Graph, LogitsAreWhatStandsBeforeSoftmax) {
  FloatModel model = small_network();
  EXPECT_EQ(logits_node(model), 3);
  model.output = 3;
  EXPECT_EQ(logits_node(model), 3);
}

TEST(Graph, LogitsAreFoundThroughAReshapeAfterSoftmax) {
  FloatModel model = small_network();
  model.nodes.push_back(node("reshape", Reshape{}, {4}, {1, 5}));
  model.output = 5;
  EXPECT_EQ(logits_node(model), 3);
  model.nodes[4].op = Activate{};
  EXPECT_EQ(logits_node(model), 5);  // No softmax: the output itself.
}

TEST(Graph, ComputingAndStoringNodesAreThoseOfThePaper) {
  const FloatModel model = small_network();
  EXPECT_EQ(computing_nodes(model), (std::vector<int>{1, 3}));
  EXPECT_EQ(storing_nodes(model), (std::vector<int>{1, 3}));
}

TEST(Graph, MacsOfAConvolutionAreOutputsTimesKernelTimesDepth) {
  const FloatModel model = small_network();
  EXPECT_EQ(num_macs(model, 1), 6 * 6 * 4 * 3 * 3 * 2);
  EXPECT_EQ(num_macs(model, 2), 0);
  EXPECT_EQ(num_macs(model, 3), 144 * 5);
}

TEST(InferShape, GroupsDivideTheDepthOfAKernel) {
  const Conv2d conv{.window = {.kernel_h = 3, .kernel_w = 3}, .groups = 2};
  EXPECT_EQ(shape_of({8, 8, 4}, conv, 6 * 9 * 2), (Shape{6, 6, 6}));
  EXPECT_THROW(shape_of({8, 8, 3}, conv, 6 * 9 * 2), std::invalid_argument);
}

TEST(InferShape, FollowsEveryOpThatMovesElements) {
  EXPECT_EQ(shape_of({4, 5, 6}, Permute{{2, 0, 1}}), (Shape{6, 4, 5}));
  EXPECT_EQ(shape_of({4, 5, 6}, make_image_pad(1, 2, 3, 4)), (Shape{7, 12, 6}));
  EXPECT_EQ(shape_of({4, 5, 6}, make_image_crop({4, 5, 6}, 1, 2, 3, 0)), (Shape{1, 2, 6}));
  EXPECT_EQ(shape_of({4, 5, 6}, Reshape{}, 0, {120}), (Shape{120}));
  EXPECT_EQ(shape_of({4, 5, 6}, GlobalPool{}, 0, {6}), (Shape{6}));
  EXPECT_EQ(shape_of({4, 5, 6}, GlobalPool{}, 0, {1, 1, 6}), (Shape{1, 1, 6}));
  EXPECT_EQ(shape_of({4, 5, 6}, Dense{}, 12), (Shape{4, 5, 2}));
}

TEST(InferShape, RefusesWhatDoesNotFit) {
  EXPECT_THROW(shape_of({4, 5, 6}, Reshape{}, 0, {121}), std::invalid_argument);
  EXPECT_THROW(shape_of({4, 5, 6}, make_image_crop({4, 5, 6}, 2, 2, 0, 0)), std::invalid_argument);
  EXPECT_THROW(shape_of({4, 5, 6}, Permute{{0, 0, 1}}), std::invalid_argument);
  EXPECT_THROW(shape_of({120}, Pool{}), std::invalid_argument);
  EXPECT_THROW(shape_of({2, 2, 1}, Pool{.window = {.kernel_h = 3, .kernel_w = 3}}),
               std::invalid_argument);
  EXPECT_THROW(shape_of({4, 5, 6}, Affine{}, 5), std::invalid_argument);
}

TEST(InferShape, ConcatenateAddsTheSizesOfItsAxis) {
  FloatModel model;
  model.nodes = {node("in", Input{}, {}, {4, 4, 2}), node("pool", Pool{}, {0}, {4, 4, 2})};
  EXPECT_EQ(infer_shape(model, node("c", Concatenate{.axis = 2}, {0, 1}, {})), (Shape{4, 4, 4}));
  EXPECT_EQ(infer_shape(model, node("c", Concatenate{.axis = 0}, {0, 1}, {})), (Shape{8, 4, 2}));
  EXPECT_THROW(infer_shape(model, node("c", Concatenate{.axis = 3}, {0, 1}, {})),
               std::invalid_argument);
}

Int8Model small_int8() {
  Int8Model model;
  Int8Node input;
  input.name = "in";
  input.shape = {3};
  Int8Node dense;
  dense.name = "dense";
  dense.op = Dense{};
  dense.inputs = {0};
  dense.shape = {1};
  dense.weights = {1, 2, 3};
  dense.weight_scales = {0.5F};
  dense.bias = {7};
  model.nodes = {input, dense};
  model.output = 1;
  return model;
}

TEST(ContentKey, LeavesNamesOut) {
  Int8Model renamed = small_int8();
  renamed.name = "other";
  renamed.nodes[1].name = "fc";
  EXPECT_EQ(content_key(renamed), content_key(small_int8()));
}

TEST(ContentKey, ChangesWithEverythingThatCanChangeAResult) {
  const std::string key = content_key(small_int8());
  const auto differs = [&](auto change) {
    Int8Model model = small_int8();
    change(model.nodes[1]);
    return content_key(model) != key;
  };
  EXPECT_TRUE(differs([](Int8Node& n) { n.weights[1] = 9; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.bias[0] = 8; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.quant.zero_point = 1; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.quant.scale = 2; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.weight_scales[0] = 0.25F; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.clamp_low = 0; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.rounding = quant::Rounding::kSingle; }));
  EXPECT_TRUE(differs([](Int8Node& n) { n.op = Conv2d{}; }));
}

// Of damaged files: no size overflows, whatever the ops say.
TEST(InferShape, RefusesSizesBeyondAllNetworks) {
  constexpr int kHuge = 2'000'000'000;
  const auto refuses = [](const Shape& input, const Op& op, std::size_t num_weights,
                          const Shape& declared) {
    EXPECT_THROW(shape_of(input, op, num_weights, declared), std::invalid_argument) << op_name(op);
  };
  const Window large_kernel{.kernel_h = kHuge, .dilation_h = kHuge};
  const Window large_padding{.pad_top = kHuge, .pad_bottom = kHuge};
  for (const Window& window : {large_kernel, large_padding}) {
    refuses({8, 8, 2}, Pool{.window = window}, 0, {});
    refuses({8, 8, 2}, Conv2d{.window = window}, 2, {});
    refuses({8, 8, 2}, DepthwiseConv2d{.window = window}, 2, {});
  }
  refuses({8, 8, 2}, DepthwiseConv2d{.depth_multiplier = kHuge}, 2, {});
  refuses({8, 8, 2}, make_image_pad(kHuge, kHuge, 0, 0), 0, {});
  refuses({4}, Reshape{}, 0, {1 << 30, 1 << 30, 1 << 6});  // 4 elements modulo 2^64.
  refuses({4}, Reshape{}, 0, {-2, -2});
  refuses({4}, Reshape{}, 0, {4, 1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(shape_of({1 << 14, 1 << 14, 1}, Activate{}), (Shape{1 << 14, 1 << 14, 1}));
  refuses({1 << 14, 1 << 14, 2}, Activate{}, 0, {});
}

TEST(SetSamePadding, DoesNotOverflow) {
  constexpr int kHuge = 2'000'000'000;
  Window window{.kernel_h = kHuge, .stride_h = kHuge, .dilation_h = kHuge};
  set_same_padding(window, kHuge, 1);
  EXPECT_GE(window.pad_top, 0);
  EXPECT_GE(window.pad_bottom, 0);
}

}  // namespace
}  // namespace deepaxe::model
