#include <gtest/gtest.h>

#include "deepaxe/frontend/keras/fold_batch_norm.h"
#include "deepaxe/frontend/keras/fold_permute.h"
#include "deepaxe/frontend/keras/rewrite.h"

namespace deepaxe::frontend::keras {
namespace {

using model::FloatModel;
using model::FloatNode;

FloatNode node(std::string name, model::Op op, std::vector<int> inputs, model::Shape shape,
               std::vector<float> weights = {}, std::vector<float> bias = {}) {
  FloatNode result;
  result.name = std::move(name);
  result.op = std::move(op);
  result.inputs = std::move(inputs);
  result.shape = std::move(shape);
  result.weights = std::move(weights);
  result.bias = std::move(bias);
  return result;
}

// in[2] - dense to 2 - affine (x2, +1; x3, +0).
FloatModel dense_then_affine() {
  FloatModel model;
  model.nodes = {node("in", model::Input{}, {}, {2}),
                 node("dense", model::Dense{}, {0}, {2}, {1, 2, 3, 4}, {10, 20}),
                 node("norm", model::Affine{}, {1}, {2}, {2, 3}, {1, 0})};
  model.output = 2;
  return model;
}

TEST(FoldBatchNorm, MovesFactorAndOffsetIntoTheLayerBefore) {
  FloatModel model = dense_then_affine();
  fold_batch_norm(model);
  ASSERT_EQ(model.nodes.size(), 2U);
  EXPECT_EQ(model.nodes[1].name, "dense");
  EXPECT_EQ(model.nodes[1].weights, (std::vector<float>{2, 4, 9, 12}));
  EXPECT_EQ(model.nodes[1].bias, (std::vector<float>{21, 60}));
  EXPECT_EQ(model.output, 1);
}

TEST(FoldBatchNorm, LeavesALayerAloneThatAnotherNodeReads) {
  FloatModel model = dense_then_affine();
  model.nodes.push_back(node("sum", model::Arithmetic{}, {1, 2}, {2}));
  model.output = 3;
  fold_batch_norm(model);
  ASSERT_EQ(model.nodes.size(), 4U);
  EXPECT_EQ(model.nodes[1].weights, (std::vector<float>{1, 2, 3, 4}));
}

TEST(FoldBatchNorm, LeavesALayerAloneThatIsTheOutput) {
  FloatModel model = dense_then_affine();
  model.output = 1;
  fold_batch_norm(model);
  EXPECT_EQ(model.nodes[1].bias, (std::vector<float>{10, 20}));
}

// in[2,2,1] - affine - conv 2x2.
FloatModel affine_then_conv(bool padded, float offset) {
  const model::Window window{.kernel_h = 2, .kernel_w = 2, .pad_bottom = padded ? 1 : 0};
  FloatModel model;
  model.nodes = {
      node("in", model::Input{}, {}, {2, 2, 1}),
      node("norm", model::Affine{}, {0}, {2, 2, 1}, {2}, {offset}),
      node("conv", model::Conv2d{.window = window}, {1}, {padded ? 2 : 1, 1, 1}, {1, 2, 3, 4})};
  model.output = 2;
  return model;
}

TEST(FoldBatchNorm, MovesIntoTheLayerAfterWhereItDoesNotPad) {
  FloatModel model = affine_then_conv(false, 5);
  fold_batch_norm(model);
  ASSERT_EQ(model.nodes.size(), 2U);
  EXPECT_EQ(model.nodes[1].weights, (std::vector<float>{2, 4, 6, 8}));
  EXPECT_EQ(model.nodes[1].bias, (std::vector<float>{5 * (1 + 2 + 3 + 4)}));
}

TEST(FoldBatchNorm, StaysBeforeAPaddedConvolutionUnlessTheOffsetIsZero) {
  FloatModel with_offset = affine_then_conv(true, 5);
  fold_batch_norm(with_offset);
  EXPECT_EQ(with_offset.nodes.size(), 3U);
  FloatModel without = affine_then_conv(true, 0);
  fold_batch_norm(without);
  EXPECT_EQ(without.nodes.size(), 2U);
}

TEST(FoldBatchNorm, GoesThroughAFlattenChannelByChannel) {
  FloatModel model;
  model.nodes = {node("in", model::Input{}, {}, {2, 1, 2}),
                 node("norm", model::Affine{}, {0}, {2, 1, 2}, {2, 3}, {1, 0}),
                 node("flat", model::Reshape{}, {1}, {4}),
                 node("dense", model::Dense{}, {2}, {1}, {1, 10, 100, 1000})};
  model.output = 3;
  fold_batch_norm(model);
  ASSERT_EQ(model.nodes.size(), 3U);
  EXPECT_EQ(model.nodes[2].weights, (std::vector<float>{2, 30, 200, 3000}));
  EXPECT_EQ(model.nodes[2].bias, (std::vector<float>{101}));
}

TEST(FoldPermute, PutsDenseWeightsIntoTheOrderBeforeThePermute) {
  FloatModel model;  // [h=1, w=2, c=2] seen as [c, h, w].
  model.nodes = {node("in", model::Input{}, {}, {1, 2, 2}),
                 node("permute", model::Permute{{2, 0, 1}}, {0}, {2, 1, 2}),
                 node("flat", model::Reshape{}, {1}, {4}),
                 node("dense", model::Dense{}, {2}, {1}, {1, 2, 3, 4})};  // c0w0 c0w1 c1w0 c1w1.
  model.output = 3;
  fold_permute(model);
  ASSERT_EQ(model.nodes.size(), 3U);
  EXPECT_EQ(model.nodes[2].weights, (std::vector<float>{1, 3, 2, 4}));  // w0c0 w0c1 w1c0 w1c1.
  EXPECT_NO_THROW(model::validate(model, "test"));
}

TEST(FoldPermute, KeepsAPermuteThatOthersRead) {
  FloatModel model;
  model.nodes = {node("in", model::Input{}, {}, {1, 2, 2}),
                 node("permute", model::Permute{{2, 0, 1}}, {0}, {2, 1, 2}),
                 node("relu", model::Activate{}, {1}, {2, 1, 2})};
  model.output = 2;
  fold_permute(model);
  EXPECT_EQ(model.nodes.size(), 3U);
}

TEST(Rewrite, RemovingANodeKeepsEveryReaderAndTheOutput) {
  FloatModel model = dense_then_affine();
  model.nodes.push_back(node("a", model::Activate{}, {2}, {2}));
  model.nodes.push_back(node("b", model::Arithmetic{}, {2, 3}, {2}));
  model.output = 4;
  remove_node(model, 2);
  EXPECT_EQ(model.nodes[2].inputs, (std::vector<int>{1}));
  EXPECT_EQ(model.nodes[3].inputs, (std::vector<int>{1, 2}));
  EXPECT_EQ(model.output, 3);
  EXPECT_EQ(find_readers(model)[3], (std::vector<int>{-1}));
}

}  // namespace
}  // namespace deepaxe::frontend::keras
