#include "deepaxe/hw/synthesis/yosys_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/hw/cost/estimator.h"

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

TEST_F(YosysSourceTest, BaselinesDecideWhatAnExactMultiplierIs) {
  const YosysSource any = source(1);
  const arith::MultiplierPtr exact = arith::find_multiplier("exact");
  EXPECT_EQ(any.multiplier(*exact, cost::Baseline::kDsp).value.dsps, 1);
  EXPECT_EQ(any.multiplier(*exact, cost::Baseline::kNative).value.dsps, 0);
  EXPECT_GT(any.multiplier(*exact, cost::Baseline::kNative).value.luts, 0);
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
