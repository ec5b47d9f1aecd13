#include "deepaxe/hw/design/schedule.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

#include "deepaxe/hw/design/test_graph.h"

namespace deepaxe::hw::design {
namespace {

// image -> conv 3x3 -> max pool 2x2 -> flatten -> dense; only shapes matter.
model::Int8Model network() {
  model::Int8Model model;
  add(model, model::Input{}, {}, {10, 10, 2});
  add(model, model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {0}, {8, 8, 6});
  add(model, model::Pool{.window = {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}},
      {1}, {4, 4, 6});
  add(model, model::Reshape{}, {2}, {96});
  add(model, model::Dense{}, {3}, {5});
  return model;
}

TEST(Schedule, APoolBeginsBeforeTheConvolutionEndsAndADenseLayerAfterThePool) {
  const auto cycles = schedule(network(), std::vector{2, 1});
  EXPECT_EQ(cycles[1].first_read, 1);
  EXPECT_LT(cycles[2].first_read, cycles[1].last_write);
  EXPECT_GT(cycles[2].last_write, cycles[1].last_write);
  EXPECT_EQ(cycles[4].first_read, cycles[2].last_write + 1);
  EXPECT_EQ(total_cycles(network(), cycles), cycles[4].last_write + 1);
}

TEST(Schedule, ALayerReadsEachProductsElementInACycleOfItsOwn) {
  const auto cycles = schedule(network(), std::vector{6, 5});
  EXPECT_GE(cycles[1].last_write - cycles[1].first_read, 8 * 8 * 18);
  EXPECT_LT(cycles[1].last_write - cycles[1].first_read, 8 * 8 * 18 + 40);  // The pipeline.
}

TEST(Schedule, ReadersOfOneMemoryTakeTurns) {
  model::Int8Model model = network();
  model.nodes.resize(2);
  add(model, model::Arithmetic{}, {0, 0}, {10, 10, 2});
  add(model, model::Slice{{0, 0, 0}, {8, 8, 2}, {1, 1, 1}}, {2}, {8, 8, 2});
  add(model, model::Concatenate{.axis = 2}, {1, 3}, {8, 8, 8});
  const auto cycles = schedule(model, std::vector{1});
  // The convolution reads the image first; its last read lies before its last write.
  EXPECT_GT(cycles[2].first_read, cycles[1].last_write - 60);
}

TEST(Schedule, RefusesAWrongNumberOfParallelOutputs) {
  EXPECT_THROW(schedule(network(), std::vector{1}), std::invalid_argument);
  EXPECT_THROW(schedule(network(), std::vector{1, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::design
