#include "deepaxe/hw/power/power_model.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/model_source.h"
#include "deepaxe/hw/power/external_memory.h"
#include "deepaxe/hw/power/test_network.h"

namespace deepaxe::hw::power {
namespace {

PowerModel model_of(const model::Int8Model& model, const cost::HardwareParams& params,
                    double clock_mhz) {
  const SmallInputs inputs(4);
  return {model, params, cost::ModelSource(model, params), inputs.spans, clock_mhz};
}

TEST(PowerModel, LayersAddUpToTheTotal) {
  const model::Int8Model model = small_network();
  const PowerModel power = model_of(model, {.parallel_outputs = 2}, 100);
  const auto multipliers = cost::everywhere(model, "1KVP");
  const PowerEstimate estimate = *power.estimate(multipliers);
  ASSERT_EQ(estimate.layers.size(), 4U);  // Convolution, pool, dense, core.
  double sum = 0;
  for (const LayerEnergy& layer : estimate.layers) sum += layer.nj.total();
  EXPECT_NEAR(sum, estimate.total.total(), 1e-9 * sum);
  EXPECT_NEAR(*power.energy_nj(multipliers), sum, 1e-9 * sum);
  EXPECT_GT(estimate.layers[0].nj.multipliers, estimate.layers[0].settled_nj);
}

TEST(PowerModel, ALayersMultiplierChangesThatLayerAlone) {
  const model::Int8Model model = small_network();
  const PowerModel power = model_of(model, {}, 100);
  auto multipliers = cost::everywhere(model, "1KV6");
  const PowerEstimate exact = *power.estimate(multipliers);
  multipliers[1] = arith::find_multiplier("1L12").get();
  const PowerEstimate mixed = *power.estimate(multipliers);
  EXPECT_EQ(mixed.layers[0].nj.total(), exact.layers[0].nj.total());
  EXPECT_LT(mixed.layers[2].nj.multipliers, exact.layers[2].nj.multipliers);
}

TEST(PowerModel, OnlyLeakageDependsOnTheClock) {
  const model::Int8Model model = small_network();
  const auto multipliers = cost::everywhere(model, "1KV9");
  const PowerEstimate slow = *model_of(model, {}, 50).estimate(multipliers);
  const PowerEstimate fast = *model_of(model, {}, 100).estimate(multipliers);
  EXPECT_NEAR(slow.total.leakage, 2 * fast.total.leakage, 1e-9);
  EXPECT_NEAR(slow.total.total() - slow.total.leakage, fast.total.total() - fast.total.leakage,
              1e-9);
  EXPECT_LT(slow.milliwatts(), fast.milliwatts());
}

TEST(PowerModel, OfAPipelineIsOverTheIntervalOfItsImages) {
  const model::Int8Model model = small_network();
  const auto multipliers = cost::everywhere(model, "1KVP");
  const cost::HardwareParams sequential{.parallel_outputs = 2};
  cost::HardwareParams pipelined = sequential;
  pipelined.schedule = design::ImageSchedule::kPipelined;
  const std::vector<int> outputs = pipelined.outputs_of_layers(multipliers.size());
  const auto interval = static_cast<double>(
      cost::engine_timing(model, outputs, design::ImageSchedule::kPipelined).interval);
  const auto cycles = static_cast<double>(cost::engine_cycles(model, outputs));
  const PowerEstimate alone = *model_of(model, sequential, 100).estimate(multipliers);
  const PowerEstimate queued = *model_of(model, pipelined, 100).estimate(multipliers);
  EXPECT_DOUBLE_EQ(queued.microseconds, interval / 100);
  EXPECT_NEAR(queued.total.leakage / alone.total.leakage, interval / cycles, 1e-9);
  EXPECT_EQ(queued.total.multipliers, alone.total.multipliers);
}

// Of a dense layer each weight is read once: its share of the figure is bytes / 8 reads.
TEST(PowerModel, WeightsFromOutsideAreReadBesideTheTotal) {
  const model::Int8Model model = small_network();
  const auto multipliers = cost::everywhere(model, "1KVP");
  cost::HardwareParams params;
  EXPECT_EQ(model_of(model, params, 100).estimate(multipliers)->external_bytes, 0);
  params.external_weights = {false, true};
  const PowerEstimate estimate = *model_of(model, params, 100).estimate(multipliers);
  const int dense = model::computing_nodes(model).back();
  const auto weights =
      static_cast<std::int64_t>(model.nodes[static_cast<std::size_t>(dense)].weights.size());
  EXPECT_EQ(estimate.external_bytes, weights);
  EXPECT_DOUBLE_EQ(dram_reads(weights).high_nj, 2 * dram_reads(weights).low_nj);
  EXPECT_DOUBLE_EQ(dram_reads(8).low_nj, 1.3);
  double layers = 0;
  for (const LayerEnergy& layer : estimate.layers) layers += layer.nj.total();
  EXPECT_NEAR(layers, estimate.total.total(), 1e-9 * layers);
}

TEST(PowerModel, NamesACircuitWhoseSwitchingIsUnknown) {
  const model::Int8Model model = small_network();
  arith::NamedMultiplier products = *arith::find_multiplier("1KVP");
  products.name = "products";
  products.netlist.reset();
  const std::vector<const arith::NamedMultiplier*> multipliers(2, &products);
  std::string unknown;
  const PowerModel power = model_of(model, {}, 100);
  EXPECT_FALSE(power.estimate(multipliers, &unknown).has_value());
  EXPECT_EQ(unknown, "products");
  EXPECT_FALSE(power.energy_nj(multipliers).has_value());
}

// A product is one active cycle of a slice, whatever its operands.
TEST(PowerModel, AnExactMultiplierInADspSliceTakesASliceAndCycleForEachProduct) {
  const model::Int8Model model = small_network();
  const auto exact = cost::everywhere(model, "exact");
  const PowerModel slices = model_of(model, {.baseline = cost::Baseline::kDsp}, 100);
  const PowerEstimate in_slices = *slices.estimate(exact);
  const PowerEstimate in_gates = *model_of(model, {}, 100).estimate(exact);
  double products = 0;
  for (const int node : model::computing_nodes(model)) {
    products += static_cast<double>(model::num_macs(model, node));
  }
  EXPECT_EQ(in_slices.total.multipliers, 0);
  EXPECT_NEAR(in_slices.total.dsp - in_gates.total.dsp, 1e-3 * k7Series.dsp_pj * products,
              1e-9 * in_slices.total.dsp);
  EXPECT_EQ(in_slices.total.accumulators, in_gates.total.accumulators);
  // Where no layer is exact the baseline changes nothing.
  const auto approximate = cost::everywhere(model, "1KVP");
  EXPECT_EQ(slices.energy_nj(approximate), model_of(model, {}, 100).energy_nj(approximate));
}

TEST(PowerModel, SlicesOfRequantizersWorkAsLongAsTheirLayer) {
  const model::Int8Model model = small_network();
  const cost::ModelSource source(model, {});
  const PowerEstimate estimate =
      *model_of(model, {}, 100).estimate(cost::everywhere(model, "1KVP"));
  std::size_t row = 0;
  for (int node = 0; node < static_cast<int>(model.nodes.size()); ++node) {
    const auto busy = static_cast<double>(cost::engine_layer_cycles(model, node, 1));
    if (busy == 0) continue;
    EXPECT_DOUBLE_EQ(estimate.layers[row++].nj.dsp,
                     1e-3 * k7Series.dsp_pj * source.layer(node).value.dsps * busy);
  }
  EXPECT_GT(estimate.total.dsp, 0);
}

TEST(PowerModel, TheErrorBarHoldsTheFigureAndEachOfItsConstants) {
  const model::Int8Model model = small_network();
  const PowerEstimate estimate = *model_of(model, {.baseline = cost::Baseline::kDsp}, 100)
                                      .estimate(cost::everywhere(model, "exact"));
  EXPECT_LT(estimate.low_nj(), estimate.total.total());
  EXPECT_GT(estimate.high_nj(), estimate.total.total());
  EXPECT_DOUBLE_EQ(estimate.total.with(k7Series).total(), estimate.total.total());
  for (const auto constant :
       {&DeviceEnergy::toggle_pj, &DeviceEnergy::clock_pj, &DeviceEnergy::block_pj,
        &DeviceEnergy::dsp_pj, &DeviceEnergy::static_mw}) {
    EXPECT_LE(k7SeriesLow.*constant, k7Series.*constant);
    EXPECT_GE(k7SeriesHigh.*constant, k7Series.*constant);
  }
}

TEST(PowerModel, RefusesInputsThatAreNotThere) {
  const model::Int8Model model = small_network();
  const cost::ModelSource source(model, {});
  EXPECT_THROW(PowerModel(model, {}, source, {}, 100), std::invalid_argument);
  EXPECT_THROW(PowerModel(model, {}, source, SmallInputs(1).spans, 0), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::hw::power
