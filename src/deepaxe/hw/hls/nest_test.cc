#include "deepaxe/hw/hls/nest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace deepaxe::hw::hls {
namespace {

// 3x3 over 6x6, 4 input channels, 10 outputs.
design::LayerShape convolution() {
  design::LayerShape shape;
  shape.in_h = shape.in_w = 8;
  shape.out_h = shape.out_w = 6;
  shape.window = {.kernel_h = 3, .kernel_w = 3};
  shape.in_c = 4;
  shape.out_c = 10;
  return shape;
}

design::LayerShape dense() {
  design::LayerShape shape;
  shape.in_c = 30;
  shape.out_c = 10;
  return shape;
}

// Products computed by the whole nest, those of lanes without an output included.
std::int64_t products(const Nest& nest) {
  std::int64_t count = nest.lanes.bound;
  for (const Loop& loop : nest.outer) count *= loop.bound;
  for (const Loop& loop : nest.inner) count *= loop.bound;
  return count;
}

int num_pipelined(const Nest& nest) {
  const auto is_pipelined = [](const Loop& loop) { return loop.directives.pipeline > 0; };
  return static_cast<int>(std::ranges::count_if(nest.outer, is_pipelined) +
                          std::ranges::count_if(nest.inner, is_pipelined)) +
         (is_pipelined(nest.lanes) ? 1 : 0);
}

constexpr LoopOrder kOrders[] = {LoopOrder::kPixel, LoopOrder::kOutput, LoopOrder::kInput};

TEST(MakeNest, EveryOrderAndNumberOfLanesComputesEveryProductOnce) {
  for (const LoopOrder order : kOrders) {
    for (const int outputs : {1, 2, 5, 10, 64}) {
      EXPECT_EQ(products(make_nest("l", convolution(), false, outputs, {.order = order})),
                6 * 6 * 10 * 3 * 3 * 4);
      EXPECT_EQ(products(make_nest("l", dense(), true, outputs, {.order = order})), 10 * 30);
    }
  }
}

TEST(MakeNest, ALastGroupIsShortWhereTheLanesDoNotDivideTheOutputs) {
  EXPECT_TRUE(make_nest("l", convolution(), false, 4, {}).is_last_group_short);
  EXPECT_FALSE(make_nest("l", convolution(), false, 5, {}).is_last_group_short);
  EXPECT_FALSE(
      make_nest("l", convolution(), false, 4, {.order = LoopOrder::kInput}).is_last_group_short);
}

TEST(MakeNest, OneLoopIsPipelinedUnlessNoneIsAskedFor) {
  for (const LoopOrder order : kOrders) {
    for (const Pipeline pipeline : {Pipeline::kInner, Pipeline::kWindow}) {
      const LoopParams params{.order = order, .pipeline = pipeline};
      EXPECT_EQ(num_pipelined(make_nest("l", convolution(), false, 2, params)), 1);
      EXPECT_EQ(num_pipelined(make_nest("l", dense(), true, 2, params)), 1);
    }
    const LoopParams none{.order = order, .pipeline = Pipeline::kNone};
    EXPECT_EQ(num_pipelined(make_nest("l", convolution(), false, 2, none)), 0);
  }
}

TEST(MakeNest, UnrollingIsCutToTheInnermostLoopAndSetsTheMemoriesOfTheWeights) {
  const Nest nest = make_nest("l", convolution(), false, 1, {.unroll = 100});
  EXPECT_EQ(nest.inner.back().directives.unroll, 4);
  EXPECT_EQ(nest.weight_parts, 4);
}

TEST(MakeNest, OutputsAreOutermostInOrderOutputAndInnermostInOrderInput) {
  EXPECT_EQ(
      make_nest("l", convolution(), false, 1, {.order = LoopOrder::kOutput}).outer.front().variable,
      "o");
  EXPECT_EQ(make_nest("l", convolution(), false, 1, {.order = LoopOrder::kInput}).lanes.variable,
            "o");
  EXPECT_EQ(make_nest("l", convolution(), false, 1, {}).outer.back().variable, "o");
}

TEST(MakePaperNest, ADenseLayerIsTwoPlainLoops) {
  const Nest nest = make_paper_nest("l", dense(), true);
  ASSERT_EQ(nest.outer.size(), 1U);
  ASSERT_EQ(nest.inner.size(), 1U);
  EXPECT_EQ(nest.outer[0].directives, Directives{});
  EXPECT_EQ(nest.inner[0].directives, Directives{});
}

TEST(MakePaperNest, AConvolutionIsPipelinedOverItsChannelsAndNothingElseIsALoopBelow) {
  const Nest nest = make_paper_nest("l", convolution(), false);
  EXPECT_EQ(products(nest), 6 * 6 * 10 * 3 * 3 * 4);
  EXPECT_EQ(num_pipelined(nest), 1);
  EXPECT_EQ(nest.inner.front().bound, 4);
  EXPECT_GT(nest.inner.front().directives.pipeline, 0);
  for (std::size_t i = 1; i < nest.inner.size(); ++i) {
    EXPECT_EQ(nest.inner[i].directives.unroll, nest.inner[i].bound);
  }
}

}  // namespace
}  // namespace deepaxe::hw::hls
