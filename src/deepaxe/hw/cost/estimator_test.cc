#include "deepaxe/hw/cost/estimator.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

TEST(Estimator, FiguresAreThoseOfTheReport) {
  const model::Int8Model model = lenet5();
  const Estimator estimator(model, {.parallel_outputs = 2});
  for (const char* name : {"exact", "1KVP"}) {
    const auto multipliers = everywhere(model, name);
    const CostFigures figures = estimator.figures(multipliers);
    const CostReport report = estimator.report(multipliers);
    EXPECT_EQ(figures.total, report.total);
    EXPECT_EQ(figures.cycles, report.cycles);
    EXPECT_EQ(figures.multiplier_energy_nj, report.multiplier_energy_nj);
    EXPECT_EQ(report.total, estimate_cost(model, multipliers, {.parallel_outputs = 2}).total);
  }
}

TEST(Estimator, OutputsByLayerChangeThatLayerAlone) {
  const model::Int8Model model = lenet5();
  HardwareParams params;
  params.layer_outputs = {1, 2, 1, 1, 1};
  const auto multipliers = everywhere(model, "1KVP");
  const CostReport one = estimate_cost(model, multipliers, {});
  const CostReport two = estimate_cost(model, multipliers, params);
  for (std::size_t i = 0; i < one.layers.size(); ++i) {
    const bool is_changed = two.layers[i].resources != one.layers[i].resources;
    EXPECT_EQ(is_changed, i == 3) << one.layers[i].layer;
  }
  EXPECT_LT(two.cycles_engine, one.cycles_engine);
  params.layer_outputs.pop_back();
  EXPECT_THROW(Estimator(model, params), std::invalid_argument);
}

TEST(Estimator, ReferencesAreTheExactDesignOnTheirBaselines) {
  const model::Int8Model model = lenet5();
  const CostReport report = estimate_cost(model, everywhere(model, "1KVP"), {});
  ASSERT_EQ(report.references.size(), 2U);
  for (const Reference& reference : report.references) {
    const HardwareParams params{.baseline = reference.baseline};
    const CostReport exact = estimate_cost(model, everywhere(model, "exact"), params);
    EXPECT_EQ(reference.total, exact.total);
    EXPECT_EQ(reference.utilization_fraction, exact.utilization_fraction);
    EXPECT_TRUE(reference.needs_no_more_than(exact.total));
  }
}

TEST(Estimator, ErrorBarsHoldTheFigures) {
  const CostReport report = estimate_cost(alexnet(), everywhere(alexnet(), "1KVP"), {});
  EXPECT_LT(report.low.luts, report.total.luts);
  EXPECT_LT(report.total.luts, report.high.luts);
  EXPECT_LT(report.low.ffs, report.total.ffs);
  EXPECT_LT(report.total.ffs, report.high.ffs);
}

}  // namespace
}  // namespace deepaxe::hw::cost
