#include "deepaxe/fault/tail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

std::vector<std::vector<const arith::Multiplier*>> by_node(const model::Int8Model& model,
                                                           const engine::Assignment& assignment) {
  std::vector<std::vector<const arith::Multiplier*>> result(model.nodes.size());
  const LayerMultipliers layers = layer_multipliers(assignment);
  const std::vector<int> nodes = model::computing_nodes(model);
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    result[static_cast<std::size_t>(nodes[l])] = layers[l];
  }
  return result;
}

// Conv, pool, conv, pool, flatten, three dense layers: 30,720, 10,080 and 840 products.
TEST(Tail, OfLeNet5StartsBehindItsFirstDenseLayer) {
  const model::Int8Model model = testing::lenet5_network(1);
  const engine::Int8Engine engine(model);
  const Tail tail(engine, by_node(model, engine::exact_assignment(model)));
  ASSERT_EQ(tail.entries().size(), 2U);
  EXPECT_EQ(engine.node_size(tail.entries()[0]), 120U);
  EXPECT_EQ(engine.node_size(tail.entries()[1]), 84U);
}

// Rows of products that are no sum of terms take a look-up each.
TEST(Tail, OfLeNet5StartsBehindItsSecondPoolWhereRowsAreDear) {
  const model::Int8Model model = testing::lenet5_network(1);
  const engine::Int8Engine engine(model);
  const Tail tail(engine, by_node(model, testing::noisy_assignment(model, 1)));
  ASSERT_EQ(tail.entries().size(), 3U);
  EXPECT_EQ(engine.node_size(tail.cut()), 256U);
  const auto& op = model.nodes[static_cast<std::size_t>(tail.cut())].op;
  EXPECT_TRUE(std::holds_alternative<model::Pool>(op));
}

TEST(Tail, GivesTheLogitsOfAWholeRunFromEveryEntry) {
  int num_tails = 0;
  for (const model::Int8Model& model : testing::all_networks(6)) {
    const engine::Int8Engine engine(model);
    const engine::Assignment assignment = testing::noisy_assignment(model, 6);
    const Tail tail(engine, by_node(model, assignment));
    num_tails += static_cast<int>(tail.entries().size());
    constexpr int kImages = 5;
    const auto tensors =
        engine.run_all(assignment, kImages, testing::random_images(model, kImages, 6));
    TailBuffers buffers;
    const auto& expected = tensors[static_cast<std::size_t>(engine.logits_node())];
    for (std::size_t entry = 0; entry < tail.entries().size(); ++entry) {
      const int node = tail.entries()[entry];
      EXPECT_EQ(tail.entry_of(node), entry);
      const auto logits = tail.run(entry, tensors[static_cast<std::size_t>(node)], buffers);
      EXPECT_TRUE(std::equal(logits.begin(), logits.end(), expected.begin(), expected.end()));
    }
  }
  EXPECT_GT(num_tails, 2);
}

// A dense layer spreads what differs over all its outputs: behind it a large layer is run whole.
TEST(Tail, BeginsBetweenLargeDenseLayers) {
  testing::NetworkBuilder b({20}, 5);
  const int a = b.dense(0, 200, true);
  const int c = b.dense(a, 150, true);
  const model::Int8Model model = b.finish(b.dense(c, 3, false));
  const engine::Int8Engine engine(model);
  ASSERT_GT(model::num_macs(model, c), Tail::kMostMacsOfFew);
  EXPECT_EQ(Tail(engine, by_node(model, engine::exact_assignment(model))).cut(), a);
}

// What a later layer reads besides the cut would be the golden values: no cut inside a shortcut.
TEST(Tail, DoesNotCutWhereAnOlderTensorIsStillRead) {
  testing::NetworkBuilder b({6}, 5);
  const int a = b.dense(0, 8, true);
  const int c = b.dense(a, 8, true);
  const int sum = b.plain(model::Arithmetic{}, {a, c});
  const model::Int8Model model = b.finish(b.dense(b.dense(sum, 4, true), 3, false));
  const engine::Int8Engine engine(model);
  const Tail tail(engine, by_node(model, engine::exact_assignment(model)));
  EXPECT_EQ(tail.cut(), a);  // Not c, behind which the sum still reads a.
}

// Differences of a convolution stay local: they are not run whole.
TEST(Tail, LeavesConvolutionsOut) {
  testing::NetworkBuilder b({4, 4, 1}, 5);
  const int a = b.convolution(0, 2, testing::square_window(2));
  const int c = b.convolution(a, 2, testing::square_window(2));
  const model::Int8Model model = b.finish(b.dense(b.flatten(c), 3, false));
  const engine::Int8Engine engine(model);
  EXPECT_EQ(Tail(engine, by_node(model, engine::exact_assignment(model))).cut(), c);
}

}  // namespace
}  // namespace deepaxe::fault
