#include "deepaxe/hw/synthesis/yosys_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/hw/cost/estimator.h"
#include "deepaxe/hw/cost/layer_resources.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::synthesis {
namespace {

// 6 inputs, 4 outputs, random weights.
model::Int8Model small_dense() {
  model::Int8Model model;
  model.name = "small";
  model::Int8Node input, dense;
  input.name = "input";
  input.op = model::Input{};
  input.shape = {6};
  dense.name = "fc";
  dense.op = model::Dense{};
  dense.inputs = {0};
  dense.shape = {4};
  input.quant = dense.quant = {0.05F, -3};
  const base::CounterRng rng(1, 1);
  for (std::uint64_t i = 0; i < 24; ++i) {
    dense.weights.push_back(static_cast<std::int8_t>(static_cast<int>(rng.below(255, i)) - 127));
  }
  dense.bias.assign(4, 100);
  dense.weight_scales = {0.02F};
  model.nodes = {input, dense};
  model.output = 1;
  return model;
}

// The module of its layer, one output at once.
std::string layer_text(const model::Int8Model& model) {
  const arith::MultiplierPtr exact = arith::find_multiplier("exact");
  const arith::NamedMultiplier* const multipliers[] = {exact.get()};
  const design::TestVectors vectors{
      .images = std::vector<std::int8_t>(6), .logits = std::vector<std::int8_t>(4), .count = 1};
  const verilog::VerilogParams params{.parallel_outputs = {1}};
  return verilog::generate_verilog(model, multipliers, vectors, params).at("layer_fc.v");
}

int parameter(const std::string& text, const std::string& name) {
  const std::size_t at = text.find("." + name + "(");
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size() + 2));
}

// Sums of 19 bits and biases of 27: x has 28, more than a DSP slice takes.
model::Int8Model with_wide_biases(model::Int8Model model) {
  model.nodes[1].bias = {1, -5, 1 << 25, -(1 << 20)};
  return model;
}

TEST(RequantizerOfALayer, IsPricedAtTheWidthsThatAreGenerated) {
  for (const model::Int8Model& model : {small_dense(), with_wide_biases(small_dense())}) {
    const std::string text = layer_text(model);
    EXPECT_EQ(cost::layer_resources(model, 1, 1).dsps,
              cost::scaling_dsps(parameter(text, "TOTAL_BITS"), parameter(text, "INTERVAL")));
  }
  const std::string text = layer_text(with_wide_biases(small_dense()));
  EXPECT_GT(parameter(text, "BIAS_BITS"), parameter(text, "SUM_BITS"));
  EXPECT_EQ(parameter(text, "TOTAL_BITS"), parameter(text, "BIAS_BITS") + 1);
}

TEST(RequantizerOfALayer, HasNoMemoryOfEqualFactorsAndIsPricedWithoutOne) {
  const model::Int8Model one = small_dense();
  model::Int8Model equal = one, different = one;
  equal.nodes[1].weight_scales.assign(4, one.nodes[1].weight_scales[0]);
  different.nodes[1].weight_scales = {0.01F, 0.02F, 0.03F, 0.04F};
  EXPECT_EQ(layer_text(equal).find(" scales "), std::string::npos);
  EXPECT_NE(layer_text(different).find(" scales "), std::string::npos);
  EXPECT_EQ(cost::layer_resources(equal, 1, 1), cost::layer_resources(one, 1, 1));
  EXPECT_GT(cost::layer_resources(different, 1, 1).luts, cost::layer_resources(one, 1, 1).luts);
}

class YosysSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (find_yosys().empty()) GTEST_SKIP() << "no yosys";
  }
  ~YosysSourceTest() override { std::filesystem::remove_all(folder_); }
  YosysSource source(int outputs, double seconds = 300) {
    return {model_, {.parallel_outputs = outputs}, {.cache = folder_, .seconds = seconds}};
  }
  model::Int8Model model_ = small_dense();
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("deepaxe-yosys-source-" + std::to_string(getpid()));
};

// A second source finds all counts in the folder: even no time is enough.
TEST_F(YosysSourceTest, WhatIsKnownIsNotSynthesizedAgain) {
  const YosysSource cold = source(1);
  const arith::MultiplierPtr kvp = arith::find_multiplier("1KVP");
  const cost::Estimate layer = cold.layer(1), core = cold.core();
  const cost::Estimate one = cold.multiplier(*kvp, cost::Baseline::kGate);
  const YosysSource warm = source(1, 0);
  EXPECT_EQ(warm.layer(1).value, layer.value);
  EXPECT_EQ(warm.core().low, core.low);
  EXPECT_EQ(warm.multiplier(*kvp, cost::Baseline::kGate).high, one.high);
  EXPECT_EQ(warm.layer(0).value, cost::Resources{});
}

// A study may grow by hardware, and is of one version.
TEST_F(YosysSourceTest, AVersionIsOfTheVerilogOfTheModelWhateverTheHardware) {
  const std::string version = source(1).version();
  EXPECT_TRUE(version.starts_with(find_yosys() + ", Verilog ")) << version;
  EXPECT_EQ(source(2).version(), version);
  model_.nodes[1].rounding = quant::Rounding::kSingle;
  EXPECT_NE(source(1).version(), version);
}

TEST_F(YosysSourceTest, MemoriesAreWhatTheHardwareSays) {
  const cost::HardwareParams in_luts{.memory = cost::MemoryStyle::kDistributed};
  const YosysSource distributed(model_, in_luts, {.cache = folder_, .seconds = 300});
  const YosysSource block = source(1);
  EXPECT_EQ(distributed.layer(1).value.bram_36kb, 0);
  EXPECT_EQ(distributed.core().value.bram_36kb, 0);
  EXPECT_GT(block.layer(1).value.bram_36kb, 0);
  EXPECT_GT(block.core().value.bram_36kb, 0);
}

TEST_F(YosysSourceTest, ARequantizerOfAWideBiasHasTheSlicesOfTheModel) {
  model_ = with_wide_biases(model_);
  EXPECT_EQ(source(1).layer(1).value.dsps, cost::layer_resources(model_, 1, 1).dsps);
}

TEST_F(YosysSourceTest, BaselinesDecideWhatAnExactMultiplierIs) {
  const YosysSource any = source(1);
  const arith::MultiplierPtr exact = arith::find_multiplier("exact");
  EXPECT_EQ(any.multiplier(*exact, cost::Baseline::kDsp).value.dsps, 1);
  EXPECT_EQ(any.multiplier(*exact, cost::Baseline::kNative).value.dsps, 0);
  EXPECT_NEAR(any.multiplier(*exact, cost::Baseline::kNative).value.luts,
              cost::multiplier_luts(*exact, cost::Baseline::kNative).luts(), 0.5);
  EXPECT_GT(any.multiplier(*exact, cost::Baseline::kGate).value.luts, 0);
}

TEST_F(YosysSourceTest, ADesignIsTheSumOfItsParts) {
  const auto shared = std::make_shared<YosysSource>(source(2));
  const cost::HardwareParams params{.parallel_outputs = 2};
  const cost::Estimator estimator(model_, params, shared);
  const arith::MultiplierPtr kvp = arith::find_multiplier("1KVP");
  const arith::NamedMultiplier* const multipliers[] = {kvp.get()};
  const cost::CostReport report = estimator.report(multipliers);
  const double parts = shared->layer(1).value.luts + shared->core().value.luts +
                       2 * shared->multiplier(*kvp, cost::Baseline::kGate).value.luts;
  EXPECT_DOUBLE_EQ(report.total.luts, parts);
  EXPECT_EQ(report.source, "yosys");
  EXPECT_EQ(report.sources.lut.find('\n'), std::string::npos);
  EXPECT_LT(report.low.luts, report.total.luts);
}

}  // namespace
}  // namespace deepaxe::hw::synthesis
