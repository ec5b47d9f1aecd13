#include "deepaxe/hw/power/layer_activity.h"

#include <gtest/gtest.h>

#include "deepaxe/hw/power/test_network.h"

namespace deepaxe::hw::power {
namespace {

constexpr int kConv = 1;

TEST(LayerActivity, SamplesAllWindowsOfASmallLayer) {
  const model::Int8Model model = small_network();
  const OperandStream stream(model, kConv, 1);
  const OperandSample sample = sample_operands(stream, SmallInputs(2).conv);
  EXPECT_EQ(sample.windows.size(), 2U * 108U);
  EXPECT_EQ(sample.products, 2 * model::num_macs(model, kConv));
}

TEST(LayerActivity, BoundsTheSampleOfALargeOne) {
  const model::Int8Model model = small_network();
  const OperandStream stream(model, kConv, 1);
  const OperandSample sample = sample_operands(stream, SmallInputs(100).conv);
  EXPECT_GE(sample.products, kSampledProducts);
  EXPECT_LT(sample.products, kSampledProducts + stream.walk().depth());
  EXPECT_EQ(sample.windows, sample_operands(stream, SmallInputs(100).conv).windows);
}

TEST(LayerActivity, AConstantStreamMovesNothingButTheSum) {
  const OperandSample still{{std::vector<OperandPair>(40, {0, 5})}, 39};
  const arith::NamedMultiplier& exact = *arith::find_multiplier("1KV6");
  const SwitchingModel circuit(netlist_of(exact));
  const ProductActivity zero = measure_activity(still, exact.multiplier, &circuit, 22);
  EXPECT_EQ(zero.luts_unit_delay + zero.registers + zero.activation, 0);
  const OperandSample sums{{std::vector<OperandPair>(3, {1, 1})}, 2};
  const ProductActivity one = measure_activity(sums, exact.multiplier, &circuit, 22);
  EXPECT_EQ(one.luts_unit_delay + one.activation, 0);
  EXPECT_EQ(one.registers, 2 * (1 + 2) / 2.0);  // 0 -> 1 -> 2, in adder and register.
}

TEST(LayerActivity, TheActivationTogglesDoNotDependOnTheMultiplier) {
  const model::Int8Model model = small_network();
  const OperandStream stream(model, kConv, 2);
  const OperandSample sample = sample_operands(stream, SmallInputs(1).conv);
  const auto measure = [&](const char* name) {
    const arith::NamedMultiplier& multiplier = *arith::find_multiplier(name);
    const SwitchingModel circuit(netlist_of(multiplier));
    return measure_activity(sample, multiplier.multiplier, &circuit, stream.walk().sum_bits());
  };
  EXPECT_EQ(measure("1KV6").activation, measure("1L12").activation);
  EXPECT_GT(measure("1KV6").luts_settled, measure("1L12").luts_settled);
}

}  // namespace
}  // namespace deepaxe::hw::power
