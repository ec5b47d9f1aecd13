#include "deepaxe/hw/design/residency.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/pipeline.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/design/schedule.h"
#include "deepaxe/hw/design/test_graph.h"

namespace deepaxe::hw::design {
namespace {

model::Int8Model perceptron() {
  model::Int8Model model;
  add(model, model::Input{}, {}, {12});
  add(model, model::Dense{}, {0}, {7});
  add(model, model::Dense{}, {1}, {4});
  return model;
}

model::Int8Model convolutions() {
  model::Int8Model model;
  add(model, model::Input{}, {}, {10, 10, 2});
  add(model, model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {0}, {8, 8, 6});
  add(model, model::Pool{.window = {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}},
      {1}, {4, 4, 6});
  add(model, model::Reshape{}, {2}, {96});
  add(model, model::Dense{}, {3}, {5});
  return model;
}

// The first layer is read by two.
model::Int8Model branches() {
  model::Int8Model model = perceptron();
  add(model, model::Concatenate{.axis = 0}, {1, 2}, {11});
  add(model, model::Dense{}, {3}, {3});
  return model;
}

// With one lane, output j leaves period after period, and input k is read last for the last output,
// depth - 1 - k cycles before that one's last product.
TEST(LiveShares, OfDenseLayersAreTheirClosedForm) {
  const model::Int8Model model = perceptron();
  const std::vector<int> outputs = {1, 1};
  const auto cycles = schedule(model, outputs);
  const LayerWalk first = layer_walk(model, 1, 1), second = layer_walk(model, 2, 1);
  double image = 0, hidden = 0;
  for (int k = 0; k < 12; ++k) {
    image += static_cast<double>(cycles[1].first_read + 6 * first.period() + k);
  }
  for (int j = 0; j < 7; ++j) {
    hidden += static_cast<double>(cycles[2].first_read + 3 * second.period() + j);
    hidden -= static_cast<double>(cycles[1].first_read + j * first.period() + first.depth() - 1 +
                                  first.latency());
  }
  const auto total = static_cast<double>(total_cycles(model, cycles));
  const auto shares = live_shares(model, outputs);
  EXPECT_DOUBLE_EQ(shares[0], image / 12 / total);
  EXPECT_DOUBLE_EQ(shares[1], hidden / 7 / total);
  EXPECT_EQ(shares[2], 0);  // Nothing reads the logits.
}

// From the first write to the last read of all is more than of any one code.
TEST(LiveShares, LieWithinTheTimeInWhichALayerIsWrittenAndRead) {
  const model::Int8Model model = convolutions();
  for (const int lanes : {1, 2, 4, 5}) {
    const std::vector<int> outputs = {lanes, lanes};
    const auto cycles = schedule(model, outputs);
    const auto total = static_cast<double>(total_cycles(model, cycles));
    const auto shares = live_shares(model, outputs);
    EXPECT_GT(shares[1], 0);
    EXPECT_LT(shares[1], static_cast<double>(cycles[2].last_write - cycles[1].first_read) / total);
    EXPECT_GT(shares[2], 0);
    EXPECT_LT(shares[2], static_cast<double>(cycles[4].last_write - cycles[2].first_read) / total);
    EXPECT_EQ(shares[3], 0);  // Renamed memory counts once.
  }
}

// The codes of a convolution wait for the few rows under a window, those of a pool in front of a
// dense layer for the whole image.
TEST(LiveShares, AreLargerBeforeALayerThatNeedsTheWholeImage) {
  const auto shares = live_shares(convolutions(), std::vector{1, 1});
  EXPECT_GT(shares[2], 2 * shares[1]);
}

TEST(LiveShares, OfALayerThatReadsInAnotherOrderLastUntilItIsRead) {
  const std::vector<int> outputs = {1, 1, 1};
  const auto with = live_shares(branches(), outputs),
             without = live_shares(perceptron(), std::vector{1, 1});
  EXPECT_GT(with[2], 0);
  EXPECT_EQ(without[2], 0);
}

// Little's law: what is written once an interval and lives L cycles is there L / interval times.
TEST(PipelinedLiveCodes, OfADenseLayerAreItsCodesWaitAndItsClosedForm) {
  const model::Int8Model model = perceptron();
  const std::vector<int> outputs = {1, 1};
  const ImageCycles image = pipeline_schedule(model, outputs, 40).back();
  const LayerWalk first = layer_walk(model, 1, 1), second = layer_walk(model, 2, 1);
  double hidden = 0;
  for (int j = 0; j < 7; ++j) {
    hidden += static_cast<double>(image.layers[2].first_read + 3 * second.period() + j);
    hidden -= static_cast<double>(image.layers[1].first_read + j * first.period() + first.depth() -
                                  1 + first.latency());
  }
  const auto interval = static_cast<double>(pipeline_interval(model, outputs).cycles);
  const auto codes = pipelined_live_codes(model, outputs);
  EXPECT_DOUBLE_EQ(codes[1], hidden / 7 / interval);
  EXPECT_EQ(codes[2], 0);
}

TEST(PipelinedLiveCodes, AreNoMoreThanTheSlotsOfTheQueues) {
  for (const model::Int8Model& model : {perceptron(), convolutions(), branches()}) {
    const auto plan = make_plan(model, [](std::string_view) { return false; });
    std::vector<double> slots(model.nodes.size());
    for (const ImageQueue& queue : image_queues(plan)) {
      slots[static_cast<std::size_t>(queue.writer)] += queue.slots;
    }
    for (const int lanes : {1, 2, 4}) {
      const std::vector<int> outputs(model::computing_nodes(model).size(), lanes);
      const auto codes = pipelined_live_codes(model, outputs);
      for (std::size_t n = 0; n < codes.size(); ++n) EXPECT_LE(codes[n], slots[n]) << n;
      EXPECT_GT(codes[0], 0);
    }
  }
}

// The pipeline that they are taken from has filled: later images take the same course.
TEST(PipelinedLiveCodes, AreTakenWhereImagesFollowEachOtherEveryInterval) {
  for (const model::Int8Model& model : {perceptron(), convolutions(), branches()}) {
    const std::vector<int> outputs(model::computing_nodes(model).size(), 2);
    const int images = 2 * (static_cast<int>(model.nodes.size()) + 2);
    const auto all = pipeline_schedule(model, outputs, images + 1);
    const std::int64_t interval = pipeline_interval(model, outputs).cycles;
    const ImageCycles &steady = all[all.size() - 2], &next = all.back();
    EXPECT_EQ(next.first_code - steady.first_code, interval);
    for (std::size_t n = 0; n < model.nodes.size(); ++n) {
      ASSERT_EQ(next.row_starts[n].size(), steady.row_starts[n].size());
      for (std::size_t row = 0; row < steady.row_starts[n].size(); ++row) {
        EXPECT_EQ(next.row_starts[n][row] - steady.row_starts[n][row], interval);
      }
    }
  }
}

TEST(PipelinedLiveCodes, ATensorReadTwiceCountsInBothQueues) {
  const std::vector<int> outputs = {1, 1, 1};
  EXPECT_GT(pipelined_live_codes(branches(), outputs)[1],
            pipelined_live_codes(perceptron(), std::vector{1, 1})[1]);
}

}  // namespace
}  // namespace deepaxe::hw::design
