#include "deepaxe/hw/design/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "deepaxe/hw/design/layer_walk.h"
#include "deepaxe/hw/design/test_graph.h"

namespace deepaxe::hw::design {
namespace {

int add_conv(model::Int8Model& model, int input) {
  return add(model,
             model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_left = 1}},
             {input}, {8, 8, 4});
}

// image -> conv -> conv -> conv -> sum with the first one -> flatten -> dense; only shapes matter.
model::Int8Model residual() {
  model::Int8Model model;
  add(model, model::Input{}, {}, {8, 8, 4});
  const int first = add_conv(model, 0);
  const int last = add_conv(model, add_conv(model, first));
  const int sum = add(model, model::Arithmetic{}, {first, last}, {8, 8, 4});
  add(model, model::Dense{}, {add(model, model::Reshape{}, {sum}, {256})}, {5});
  return model;
}

DesignPlan plan_of(const model::Int8Model& model) {
  return make_plan(model, [](std::string_view) { return false; });
}

int slots_between(const model::Int8Model& model, int writer, int reader) {
  for (const ImageQueue& queue : image_queues(plan_of(model))) {
    if (queue.writer == writer && queue.reader == reader) return queue.slots;
  }
  return 0;
}

TEST(ImageQueues, AreDoubleBuffersButWhereAWayLeadsRoundLayers) {
  const model::Int8Model model = residual();
  EXPECT_EQ(slots_between(model, 0, 1), 2);
  EXPECT_EQ(slots_between(model, 1, 2), 2);
  EXPECT_EQ(slots_between(model, 1, 4), 4);  // conv, conv, conv, sum.
  EXPECT_EQ(slots_between(model, 4, 6), 2);
  EXPECT_EQ(slots_between(model, 6, ImageQueue::kShell), 2);
  EXPECT_EQ(image_queues(plan_of(model)).size(), 7U);
}

// The closed form against the schedule image by image, whatever the slowest stage is.
TEST(PipelineInterval, IsWhatTheScheduleComesTo) {
  const model::Int8Model model = residual();
  for (const std::vector<int>& outputs :
       {std::vector{1, 1, 1, 1}, {1, 4, 4, 1}, {4, 1, 4, 1}, {4, 4, 1, 5}, {4, 4, 4, 1}}) {
    const auto images = pipeline_schedule(model, outputs, 20);
    const PipelineInterval interval = pipeline_interval(model, outputs);
    EXPECT_EQ(images[19].last_sent - images[18].last_sent, interval.cycles) << interval.stage;
    EXPECT_EQ(images[19].first_code - images[18].first_code, interval.cycles) << interval.stage;
  }
}

TEST(PipelineInterval, IsThatOfTheSlowestStage) {
  const model::Int8Model model = residual();
  const PipelineInterval slowest = pipeline_interval(model, std::vector{4, 1, 4, 5});
  EXPECT_EQ(slowest.stage, "node2");
  EXPECT_EQ(slowest.cycles, layer_walk(model, 2, 1).image_cycles() + 1);
  model::Int8Model wide;
  add(wide, model::Input{}, {}, {50});
  add(wide, model::Dense{}, {0}, {3});
  EXPECT_EQ(pipeline_interval(wide, std::vector{1}).stage, "node1");
  add(wide, model::Slice{{0}, {1}, {1}}, {0}, {1});
  EXPECT_EQ(pipeline_interval(wide, std::vector{1}).stage, "input");
  EXPECT_EQ(pipeline_interval(wide, std::vector{1}).cycles, 50);
}

TEST(PipelineSchedule, ManyImagesTakeLessThanOneAfterTheOther) {
  const model::Int8Model model = residual();
  const std::vector outputs{2, 2, 2, 2};
  const std::int64_t alone = total_cycles(model, schedule(model, outputs));
  EXPECT_LT(pipeline_interval(model, outputs).cycles, sequential_interval(model, alone));
  // The image's rows come in while the layers work: the way in costs less than all its codes.
  EXPECT_GT(pipeline_latency(model, outputs), alone);
  EXPECT_LT(pipeline_latency(model, outputs), alone + 8 * 8 * 4);
}

// A slice needs the first row of an image only, and must not run ahead of who writes it.
TEST(PipelineSchedule, ALayerWaitsForTheEndOfAnImageItHasDoneWith) {
  model::Int8Model model;
  add(model, model::Input{}, {}, {8, 8, 4});
  add(model, model::Slice{{0, 0, 0}, {1, 8, 4}, {1, 1, 1}}, {0}, {1, 8, 4});
  const auto images = pipeline_schedule(model, {}, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(images[i].layers[1].last_write, images[i].first_code + 256) << i;
    EXPECT_GT(images[i].layers[1].first_read, images[i].first_code) << i;
  }
}

// The second convolution overlaps the first one, which is faster by 159 cycles of 35,032: the first
// one's lead grows by so many an image, until its queue is full.
TEST(SettledImage, IsRepeatedByAllThatFollow) {
  model::Int8Model model;
  add(model, model::Input{}, {}, {13, 13, 2});
  add(model, model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {0}, {11, 11, 16});
  add(model, model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}}, {1}, {9, 9, 3});
  add(model, model::Reshape{}, {2}, {243});
  add(model, model::Dense{}, {3}, {4});
  const std::vector outputs{1, 1, 1};
  const auto lead = [](const ImageCycles& image) {
    return image.row_starts[2].front() - image.row_starts[1].front();
  };
  const std::vector<ImageCycles> images = pipeline_schedule(model, outputs, 500);
  EXPECT_EQ(lead(images[499]), lead(images[400]));
  EXPECT_LT(lead(images[12]), lead(images[499]) / 2);
  EXPECT_EQ(lead(settled_image(model, outputs)), lead(images[499]));
}

TEST(PipelineSchedule, RefusesAWrongNumberOfParallelOutputs) {
  EXPECT_THROW(pipeline_schedule(residual(), std::vector{1}, 1), std::invalid_argument);
  EXPECT_THROW(pipeline_interval(residual(), std::vector{1, 1, 1, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::design
