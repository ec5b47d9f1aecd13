#include "deepaxe/hw/timing/clock_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::timing {
namespace {

model::Int8Model scaled_mlp() {
  model::Int8Model model = cost::mlp3();
  for (model::Int8Node& node : model.nodes) {
    node.quant = {.scale = 0.5F, .zero_point = 0};
    node.rounding = quant::Rounding::kSingle;
    if (model::is_computing(node.op)) node.weight_scales = {0.25F};
  }
  return model;
}

TEST(ClockModel, ThePeriodIsThatOfTheSlowestLayer) {
  const model::Int8Model model = scaled_mlp();
  const ClockModel clock(model, {});
  const auto multipliers = cost::everywhere(model, "1KVP");
  const ClockEstimate estimate = clock.estimate(multipliers);
  ASSERT_EQ(estimate.layers.size(), 3U);
  for (const LayerTiming& layer : estimate.layers) {
    EXPECT_LE(layer.delay.ns, estimate.period().ns);
    EXPECT_GE(layer.delay.ns, delay_of(*layer.multiplier).ns);
  }
  EXPECT_NEAR(*clock.max_mhz(multipliers), to_mhz(estimate.period().ns), 1e-9);
}

// The multiplier, all nets and LUTs, has the widest bar, longest path or not.
TEST(ClockModel, TheBarIsThatOfEveryPath) {
  const model::Int8Model model = scaled_mlp();
  const ClockModel clock(model, {});
  const ClockEstimate estimate = clock.estimate(cost::everywhere(model, "1KVP"));
  for (const LayerTiming& layer : estimate.layers) {
    EXPECT_GE(layer.delay.high_ns, delay_of(*layer.multiplier).high_ns);
    EXPECT_GE(estimate.period().high_ns, layer.delay.high_ns);
    EXPECT_GE(estimate.period().low_ns, layer.delay.low_ns);
  }
}

TEST(ClockModel, AFasterMultiplierNeverMakesTheClockSlower) {
  const model::Int8Model model = scaled_mlp();
  const ClockModel clock(model, {});
  EXPECT_GE(*clock.max_mhz(cost::everywhere(model, "1L12")),
            *clock.max_mhz(cost::everywhere(model, "1KV6")));
}

TEST(ClockModel, SaysWhichCircuitItDoesNotKnow) {
  const model::Int8Model model = scaled_mlp();
  arith::NamedMultiplier bare = *arith::find_multiplier("1KVP");
  bare.netlist.reset();
  bare.name = "bare";
  auto multipliers = cost::everywhere(model, "exact");
  multipliers[1] = &bare;
  const ClockModel clock(model, {});
  EXPECT_EQ(clock.estimate(multipliers).unknown, "bare");
  EXPECT_FALSE(clock.max_mhz(multipliers).has_value());
}

TEST(ClockModel, RefusesAWrongNumberOfMultipliers) {
  const model::Int8Model model = scaled_mlp();
  const ClockModel clock(model, {});
  EXPECT_THROW(clock.estimate({}), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::timing
