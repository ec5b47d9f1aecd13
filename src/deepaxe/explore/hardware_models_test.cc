// The versions of the hardware models, which a study is made by: raised when their figures change.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/base/sha256.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/explore/explorer_fixture_test.h"
#include "deepaxe/explore/hardware_space.h"
#include "deepaxe/explore/physical_costs.h"
#include "deepaxe/hw/cost/engine_cycles.h"
#include "deepaxe/hw/cost/model_source.h"

namespace deepaxe::explore {
namespace {

// Every value of every dimension.
std::vector<hw::cost::HardwareParams> hardware_of_all_kinds(std::size_t num_layers) {
  using hw::cost::Baseline;
  using hw::design::ImageSchedule;
  const std::vector one(num_layers, 1), three(num_layers, 3);
  std::vector<hw::cost::HardwareParams> all = hardware_variants(
      {.outputs = {one, three},
       .schedules = {ImageSchedule::kSequential, ImageSchedule::kPipelined},
       .external_weights = {std::vector(num_layers, false), std::vector(num_layers, true)}},
      {});
  for (const auto& more :
       {hardware_variants({.outputs = {three}, .baselines = {Baseline::kDsp, Baseline::kNative}},
                          {}),
        hardware_variants({.outputs = {one}, .memories = {hw::cost::MemoryStyle::kDistributed}},
                          {})}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// What each model says, as text.
struct Figures {
  std::string resources, cycles, clock, energy;
};

void add_figures(Figures& figures, const model::Int8Model& model) {
  const engine::Int8Engine engine(model);
  const std::size_t num_layers = model::computing_nodes(model).size();
  const Estimators estimators = make_estimators(model, hardware_of_all_kinds(num_layers), {});
  const test::TestData data = test::random_data(model, 4, engine.num_classes());
  const PhysicalCosts physical(engine, data.images, estimators);
  for (const char* name : {"exact", "1KVP", "drum(4)"}) {
    const arith::MultiplierPtr multiplier = arith::find_multiplier(name);
    const std::vector<const arith::NamedMultiplier*> all(num_layers, multiplier.get());
    for (std::size_t v = 0; v < estimators.size(); ++v) {
      const hw::cost::CostFigures cost = estimators[v]->figures(all);
      store::CostRecord record;
      physical.fill(record, v, all);
      figures.resources += fmt::format("{:.6g} {:.6g} {} {}\n", cost.total.luts, cost.total.ffs,
                                       cost.total.dsps, cost.total.bram_36kb);
      figures.cycles +=
          fmt::format("{} {} {}\n", cost.cycles, cost.cycles_engine, cost.interval_cycles);
      figures.clock += fmt::format("{:.6g}\n", record.max_mhz.value_or(0));
      figures.energy += fmt::format("{:.6g}\n", record.energy_nj.value_or(0));
    }
  }
}

std::string digest(const std::string& text) { return base::Sha256().add(text).hex().substr(0, 16); }

// Where one of these fails, the figures are others than those of studies that exist: raise the
// version in the header named, and put version and digest here.
TEST(HardwareModels, AVersionHasOneSetOfFigures) {
  Figures figures;
  add_figures(figures, test::chain_model(3));
  add_figures(figures, test::residual_model(3));
  EXPECT_EQ(hw::cost::kResourceModelVersion, 1);
  EXPECT_EQ(digest(figures.resources), "d77502c83936c157") << "hw/cost/model_source.h";
  EXPECT_EQ(hw::cost::kCycleModelVersion, 1);
  EXPECT_EQ(digest(figures.cycles), "283de94258e11947") << "hw/cost/engine_cycles.h";
  EXPECT_EQ(hw::timing::kClockModelVersion, 1);
  EXPECT_EQ(digest(figures.clock), "c55e8d797aef92c3") << "hw/timing/clock_model.h";
  EXPECT_EQ(hw::power::kPowerModelVersion, 1);
  EXPECT_EQ(digest(figures.energy), "0a05f7a956e37b60") << "hw/power/power_model.h";
}

TEST_F(ExploreTest, AStudyNamesTheModelsOfItsHardware) {
  const ExploreParams with = params("models.sqlite", {"1KVP"});
  run(with);
  EXPECT_EQ(store::Study::open_existing(with.study).info().hardware_models,
            fmt::format("closed forms {}, cycles {}, clock {}, energy {}",
                        hw::cost::kResourceModelVersion, hw::cost::kCycleModelVersion,
                        hw::timing::kClockModelVersion, hw::power::kPowerModelVersion));
}

}  // namespace
}  // namespace deepaxe::explore
