#include "deepaxe/explore/hardware_space.h"

#include <gtest/gtest.h>

namespace deepaxe::explore {
namespace {

using hw::cost::Baseline;
using hw::cost::MemoryStyle;
using hw::design::ImageSchedule;

TEST(HardwareVariants, AreEveryCombinationOnceAndKeepWhatIsCommon) {
  const HardwareSpaceParams space{
      .outputs = {{1, 1}, {2, 4}, {1, 1}},
      .baselines = {Baseline::kGate, Baseline::kDsp},
      .memories = {MemoryStyle::kBlock, MemoryStyle::kDistributed},
      .schedules = {ImageSchedule::kSequential, ImageSchedule::kPipelined},
      .external_weights = {{false, true}}};
  hw::cost::HardwareParams common;
  common.cycle_model = hw::cost::CycleModel::kEngine;
  const auto variants = hardware_variants(space, common);
  ASSERT_EQ(variants.size(), 2u * 2u * 2u * 2u);
  for (const auto& variant : variants) {
    EXPECT_EQ(variant.cycle_model, hw::cost::CycleModel::kEngine);
    EXPECT_EQ(variant.external_weights, (std::vector{false, true}));
  }
  EXPECT_EQ(variants.front().layer_outputs, (std::vector{1, 1}));
  EXPECT_EQ(variants.back().layer_outputs, (std::vector{2, 4}));
}

TEST(HardwareVariants, OfTheDefaultsAreOneDesignOnGates) {
  const auto variants = hardware_variants({}, {});
  ASSERT_EQ(variants.size(), 1u);
  EXPECT_EQ(variants[0], hw::cost::HardwareParams{});
}

}  // namespace
}  // namespace deepaxe::explore
