#include "deepaxe/hw/cost/cost.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

CostReport cost_of(const model::Int8Model& model, const std::string& multiplier,
                   const HardwareParams& params = {}) {
  return estimate_cost(model, everywhere(model, multiplier), params);
}

TEST(Cost, TotalIsTheSumOfTheLayers) {
  for (const model::Int8Model& model : {lenet5(), alexnet(), mlp3()}) {
    const CostReport report = cost_of(model, "1KVP", {.parallel_outputs = 3});
    Resources sum;
    for (const LayerCost& layer : report.layers) {
      sum = sum + layer.resources;
    }
    EXPECT_DOUBLE_EQ(report.total.luts, sum.luts);
    EXPECT_DOUBLE_EQ(report.total.ffs, sum.ffs);
    EXPECT_EQ(report.total.bram_36kb, sum.bram_36kb);
    EXPECT_EQ(std::fmod(report.total.bram_36kb, 0.5), 0);
  }
}

// With approximate layers chosen one by one, each changes only its own share.
TEST(Cost, IsAdditiveOverLayers) {
  const model::Int8Model model = lenet5();
  const double exact = cost_of(model, "exact").total.luts;
  const double approximate = cost_of(model, "1KVP").total.luts;
  double sum_of_changes = 0;
  for (std::size_t layer = 0; layer < 5; ++layer) {
    std::vector<const arith::NamedMultiplier*> multipliers = everywhere(model, "exact");
    multipliers[layer] = arith::find_multiplier("1KVP").get();
    sum_of_changes += estimate_cost(model, multipliers, {}).total.luts - exact;
  }
  EXPECT_NEAR(sum_of_changes, approximate - exact, 1e-9);
}

TEST(Cost, UsesThePapersLawWhereItIsDefinedAndAskedFor) {
  const CostReport paper = cost_of(lenet5(), "exact");
  EXPECT_EQ(paper.used_cycle_model, CycleModel::kPaper);
  EXPECT_EQ(paper.cycles, 206'504);
  EXPECT_DOUBLE_EQ(paper.microseconds, 2065.04);  // At 100 MHz.
  const CostReport engine = cost_of(lenet5(), "exact", {.cycle_model = CycleModel::kEngine});
  EXPECT_EQ(engine.cycles, engine.cycles_engine);
  EXPECT_EQ(engine.cycles_paper, 206'504);
}

TEST(Cost, FallsBackToTheEngineWhereTheLawIsUndefined) {
  for (const CostReport& report :
       {cost_of(lenet5(), "1KVA"), cost_of(lenet5(), "exact", {.parallel_outputs = 2})}) {
    EXPECT_EQ(report.cycles_paper, std::nullopt);
    EXPECT_EQ(report.used_cycle_model, CycleModel::kEngine);
    EXPECT_EQ(report.cycles, report.cycles_engine);
    EXPECT_EQ(report.sources.cycles_paper.rfind("undefined", 0), 0U);
  }
}

TEST(Cost, AnotherClockChangesTimeAndRateAlone) {
  const CostReport usual = cost_of(lenet5(), "exact");
  const CostReport slow = at_clock(usual, 50);
  EXPECT_DOUBLE_EQ(slow.microseconds, 2 * usual.microseconds);
  EXPECT_DOUBLE_EQ(slow.images_per_second, usual.images_per_second / 2);
  EXPECT_NE(slow.sources.microseconds.find("50 MHz"), std::string::npos);
  EXPECT_EQ(slow.cycles, usual.cycles);
  EXPECT_EQ(slow.total.luts, usual.total.luts);
}

TEST(Cost, IntervalsAreTheCyclesWhereTheyAreAskedFor) {
  for (const auto schedule :
       {design::ImageSchedule::kSequential, design::ImageSchedule::kPipelined}) {
    const CostReport report =
        cost_of(lenet5(), "exact", {.schedule = schedule, .cycle_model = CycleModel::kInterval});
    EXPECT_EQ(report.cycles, report.interval_cycles);
    EXPECT_NE(report.cycles, report.cycles_engine);
    EXPECT_NE(report.cycles_source().find(report.sources.interval), std::string::npos);
  }
}

TEST(Cost, AllExactOnGatesIsThatOf1Kv6Everywhere) {
  const CostReport exact = cost_of(lenet5(), "exact");
  const CostReport gates = cost_of(lenet5(), "1KV6");
  EXPECT_EQ(exact.total.luts, gates.total.luts);
  EXPECT_EQ(exact.total.ffs, gates.total.ffs);
  EXPECT_EQ(exact.total.dsps, gates.total.dsps);
  EXPECT_EQ(exact.multiplier_energy_nj, gates.multiplier_energy_nj);
}

TEST(Cost, ApproximationSavesLutsAgainstGatesAndDspsAgainstDsps) {
  const HardwareParams dsp{.baseline = Baseline::kDsp};
  EXPECT_LT(cost_of(lenet5(), "1KVP").total.luts, cost_of(lenet5(), "exact").total.luts);
  const int others = cost_of(lenet5(), "1KVP", dsp).total.dsps;  // Of the requantizers.
  EXPECT_EQ(cost_of(lenet5(), "exact", dsp).total.dsps, others + 5);
}

// 281,640 products of 0.363 mW x 1.37 ns each.
TEST(Cost, EnergyIsThatOfAllProductsAndOnlyOfPublishedCircuits) {
  const CostReport report = cost_of(lenet5(), "1KVP");
  EXPECT_NEAR(report.multiplier_energy_nj.value_or(0), 281'640 * 0.363 * 1.37 * 1e-3, 1e-6);
  const HardwareParams dsp{.baseline = Baseline::kDsp};
  EXPECT_EQ(cost_of(lenet5(), "exact", dsp).multiplier_energy_nj, std::nullopt);
  EXPECT_EQ(cost_of(lenet5(), "bam(4,4)").multiplier_energy_nj, std::nullopt);
}

TEST(Cost, EveryFigureHasASource) {
  for (const char* name : {"exact", "1KVP", "bam(2,7)"}) {
    const CostSources sources = cost_of(mlp3(), name).sources;
    for (const std::string& source :
         {sources.cycles_paper, sources.cycles_engine, sources.microseconds, sources.interval,
          sources.lut, sources.ff, sources.dsp, sources.bram, sources.utilization,
          sources.multiplier_energy}) {
      EXPECT_FALSE(source.empty());
      EXPECT_EQ(source.find('\n'), std::string::npos);
    }
  }
}

// Tables print the baseline themselves, after the sources.
TEST(Cost, ResourceSourcesLeaveTheBaselineToTheReader) {
  for (const Baseline baseline : {Baseline::kDsp, Baseline::kNative, Baseline::kGate}) {
    const CostSources sources = cost_of(lenet5(), "exact", {.baseline = baseline}).sources;
    EXPECT_EQ((sources.lut + sources.dsp).find("exact multipliers"), std::string::npos);
  }
}

// The forms were fitted to yosys; nobody has placed and routed the engine.
TEST(Cost, LutSourceSaysAgainstWhatItsErrorIsMeasured) {
  for (const char* name : {"exact", "1KVP", "bam(2,7)"}) {
    const std::string source = cost_of(mlp3(), name).sources.lut;
    EXPECT_NE(source.find("fitted to yosys"), std::string::npos) << name;
    EXPECT_NE(source.find("against Vivado is not measured"), std::string::npos) << name;
  }
}

// An engine whose layers ran one after another took 145,334 cycles at N = 2.
TEST(Cost, LeNet5InSoManyCyclesTakesAFewPercentOfASpartan) {
  const CostReport report = cost_of(lenet5(), "1KVP", {.parallel_outputs = 2});
  EXPECT_LE(report.cycles_engine, 145'334);
  EXPECT_LE(report.utilization_fraction, 0.035);
}

HardwareParams pipelined() { return {.schedule = design::ImageSchedule::kPipelined}; }

// Every queue holds two images at least, and nothing else needs block RAM in both.
TEST(Cost, APipelineTakesMoreMemoryAndGivesMoreImages) {
  const CostReport one = cost_of(lenet5(), "exact"), many = cost_of(lenet5(), "exact", pipelined());
  EXPECT_GT(many.total.bram_36kb, one.total.bram_36kb);
  EXPECT_GT(many.total.ffs, one.total.ffs);
  EXPECT_LT(many.interval_cycles, one.interval_cycles);
  EXPECT_EQ(many.layers.front().resources, one.layers.front().resources);
  EXPECT_EQ(many.cycles_paper, std::nullopt);
  EXPECT_EQ(many.sources.cycles_paper.rfind("undefined", 0), 0U);
  EXPECT_EQ(many.cycles, many.cycles_engine);
  EXPECT_NEAR(many.images_per_second * static_cast<double>(many.interval_cycles), 100e6, 1);
}

// No stage is slower than the slowest layer; the constant is 1.
TEST(Cost, TheIntervalOfAPipelineIsThatOfItsSlowestLayer) {
  const CostReport report = cost_of(lenet5(), "exact", pipelined());
  std::int64_t slowest = 0;
  for (const LayerCost& layer : report.layers) slowest = std::max(slowest, layer.cycles_engine);
  EXPECT_EQ(report.interval_cycles, slowest + 1);
}

// 51,530,240 weights are read for an image, as many as products, and a part with 120 blocks holds
// what is left.
TEST(Cost, WeightsFromOutsideNeedNoBlocksButARate) {
  const HardwareParams rom{.parallel_outputs = 16};
  HardwareParams outside = rom;
  outside.external_weights = std::vector<bool>(8, true);
  const CostReport inside_report = cost_of(alexnet(), "exact", rom);
  const CostReport report = cost_of(alexnet(), "exact", outside);
  EXPECT_FALSE(inside_report.shortages.empty());
  EXPECT_TRUE(report.shortages.empty());
  EXPECT_EQ(inside_report.weights.bytes_per_image, 0);
  EXPECT_EQ(report.weights.bytes_per_image, 51'530'240);
  EXPECT_NEAR(report.weights.mean_bytes_per_cycle,
              51'530'240.0 / static_cast<double>(report.cycles_engine), 1e-9);
  EXPECT_EQ(report.weights.most_bytes_per_cycle, 7 * 16 + 10);  // The last layer has 10 outputs.
}

TEST(Cost, RejectsWhatIsNotADesignPoint) {
  const model::Int8Model model = lenet5();
  std::vector<const arith::NamedMultiplier*> multipliers = everywhere(model, "exact");
  EXPECT_THROW(estimate_cost(model, multipliers, {.parallel_outputs = 0}), std::invalid_argument);
  EXPECT_THROW(estimate_cost(model, multipliers, {.external_weights = {true}}),
               std::invalid_argument);
  multipliers[3] = nullptr;
  EXPECT_THROW(estimate_cost(model, multipliers, {}), std::invalid_argument);
  multipliers.pop_back();
  EXPECT_THROW(estimate_cost(model, multipliers, {}), std::invalid_argument);
}

TEST(HardwareParams, NamesParseToTheirValues) {
  for (const Baseline baseline : {Baseline::kDsp, Baseline::kNative, Baseline::kGate}) {
    EXPECT_EQ(parse_baseline(to_string(baseline)), baseline);
  }
  for (const CycleModel cycle_model :
       {CycleModel::kPaper, CycleModel::kEngine, CycleModel::kInterval}) {
    EXPECT_EQ(parse_cycle_model(to_string(cycle_model)), cycle_model);
  }
  for (const auto schedule :
       {design::ImageSchedule::kSequential, design::ImageSchedule::kPipelined}) {
    EXPECT_EQ(parse_image_schedule(to_string(schedule)), schedule);
  }
  EXPECT_EQ(parse_baseline("lut"), std::nullopt);
}

}  // namespace
}  // namespace deepaxe::hw::cost
