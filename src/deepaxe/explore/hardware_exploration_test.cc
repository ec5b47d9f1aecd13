// Exploration of several kinds of hardware in one study.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/explore/explorer_fixture_test.h"
#include "deepaxe/explore/hardware_space.h"
#include "deepaxe/explore/study_records.h"
#include "deepaxe/hw/cost/cost.h"

namespace deepaxe::explore {
namespace {

// What the record of a point says, as it is given to the cost model.
hw::cost::HardwareParams params_of(const store::PointRecord& point) {
  hw::cost::HardwareParams hardware;
  hardware.layer_outputs = point.hardware.outputs;
  if (point.cost.baseline != store::kNoBaseline) {
    hardware.baseline = hw::cost::parse_baseline(point.cost.baseline).value();
  }
  hardware.memory = hw::cost::parse_memory_style(point.hardware.memory).value();
  hardware.schedule = hw::cost::parse_image_schedule(point.hardware.schedule).value();
  for (const std::string& memory : point.hardware.weight_memory) {
    hardware.external_weights.push_back(memory == "external");
  }
  return hardware;
}

std::vector<hw::cost::HardwareParams> schedules_and_weights() {
  return hardware_variants(
      {.schedules = {hw::design::ImageSchedule::kSequential, hw::design::ImageSchedule::kPipelined},
       .external_weights = {{false, false, false, false}, {false, false, true, true}}},
      {});
}

std::vector<hw::cost::HardwareParams> outputs_one_and_four() {
  return hardware_variants({.outputs = {{1, 1, 1, 1}, {4, 4, 4, 4}},
                            .baselines = {hw::cost::Baseline::kGate, hw::cost::Baseline::kDsp}},
                           {});
}

TEST_F(ExploreTest, HardwareIsExploredWithoutMeasuringAnythingTwice) {
  ExploreParams with = params("hardware.sqlite", {"1KVP"});
  with.hardware = outputs_one_and_four();
  const ExploreStats stats = run(with);
  EXPECT_EQ(stats.designs, 16u);
  EXPECT_EQ(stats.points, 62u);  // 1KVP everywhere is the same on both baselines.
  EXPECT_EQ(stats.evaluated, 16u);
  EXPECT_EQ(stats.injected, 16u);
  std::map<std::string, std::vector<store::PointRecord>> by_measurement;
  for (auto& point : store::Study::open_existing(with.study).points()) {
    by_measurement[point.measurement].push_back(point);
  }
  ASSERT_EQ(by_measurement.size(), 16u);
  for (const auto& [measurement, points] : by_measurement) {
    const bool has_exact = points[0].cost.baseline != store::kNoBaseline;
    EXPECT_EQ(has_exact, points[0].mask.find('0') != std::string::npos) << points[0].mask;
    ASSERT_EQ(points.size(), has_exact ? 4u : 2u);
    std::set<std::int64_t> cycles;
    for (const auto& point : points) {
      EXPECT_EQ(point.correct, points[0].correct);
      EXPECT_EQ(point.faults, points[0].faults);
      cycles.insert(point.cost.cycles);
    }
    EXPECT_EQ(cycles.size(), 2u);  // One and four outputs; multipliers change none.
  }
}

// The cost of a point is what estimate_cost says of its recorded hardware.
TEST_F(ExploreTest, EveryPointCarriesTheHardwareOfItsFigures) {
  ExploreParams with = params("hardware.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware = outputs_one_and_four();
  run(with);
  for (const auto& point : store::Study::open_existing(with.study).points()) {
    const auto assignment = engine::parse_assignment(point.assignment, model_);
    const auto report = hw::cost::estimate_cost(model_, pointers(assignment), params_of(point));
    EXPECT_EQ(point.cost.lut, report.total.luts);
    EXPECT_EQ(point.cost.dsp, report.total.dsps);
    EXPECT_EQ(point.cost.cycles, report.cycles_engine);
  }
}

// With a pipeline among the designs all are judged by their pace: an image alone takes as long.
TEST_F(ExploreTest, SchedulesAndWeightMemoriesAreHardwareWithItsOwnFigures) {
  ExploreParams with = params("schedules.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware = schedules_and_weights();
  const ExploreStats stats = run(with);
  EXPECT_EQ(stats.points, 64u);
  ASSERT_EQ(stats.notes.size(), 1u);
  EXPECT_NE(stats.notes[0].find("from image to image"), std::string::npos) << stats.notes[0];
  std::set<store::Hardware> hardware;
  for (const auto& point : store::Study::open_existing(with.study).points()) {
    const auto assignment = engine::parse_assignment(point.assignment, model_);
    const auto report = hw::cost::estimate_cost(model_, pointers(assignment), params_of(point));
    EXPECT_EQ(point.cost.cycles, report.interval_cycles);
    EXPECT_EQ(point.cost.cycles_engine, report.cycles_engine);
    EXPECT_EQ(point.cost.bram, report.total.bram_36kb);
    EXPECT_NE(point.cost.cycles_source.find(report.sources.interval), std::string::npos);
    hardware.insert(point.hardware);
  }
  EXPECT_EQ(hardware.size(), 4u);
}

// Who asks for the time of an image alone gets it.
TEST_F(ExploreTest, CyclesOfTheEngineAreKeptForPipelinesWhereAskedFor) {
  ExploreParams with = params("latency.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware = schedules_and_weights();
  for (auto& hardware : with.hardware) hardware.cycle_model = hw::cost::CycleModel::kEngine;
  EXPECT_TRUE(run(with).notes.empty());
  for (const auto& point : store::Study::open_existing(with.study).points()) {
    EXPECT_EQ(point.cost.cycles, point.cost.cycles_engine);
  }
}

TEST_F(ExploreTest, EveryScheduleAndWeightMemoryHasItsExactReferences) {
  ExploreParams with = params("schedules.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware = schedules_and_weights();
  run(with);
  const store::Study study = store::Study::open_existing(with.study);
  ASSERT_EQ(study.info().references.size(), 8u);
  for (const auto& point : study.points()) {
    const auto fits = [&](const store::ReferenceCost& each) {
      return each.hardware == point.hardware && each.cycles == point.cost.cycles;
    };
    EXPECT_EQ(std::ranges::count_if(study.info().references, fits), 2);
  }
}

// No two points of a design are the same hardware under two names.
TEST_F(ExploreTest, PointsOfADesignDifferInMoreThanTheNameOfTheBaseline) {
  ExploreParams with = params("baselines.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware =
      hardware_variants({.baselines = {hw::cost::Baseline::kGate, hw::cost::Baseline::kNative,
                                       hw::cost::Baseline::kDsp}},
                        {});
  run(with);
  std::set<std::string> figures;
  for (const auto& point : store::Study::open_existing(with.study).points()) {
    const std::string figure = point.assignment + std::to_string(point.cost.lut);
    EXPECT_TRUE(figures.insert(figure).second) << figure << " " << point.cost.baseline;
  }
  EXPECT_EQ(figures.size(), 15u * 3 + 1);
}

// Two for each outputs in parallel, whatever baselines the points have.
TEST_F(ExploreTest, EveryHardwareHasItsExactReferences) {
  ExploreParams with = params("hardware.sqlite", {"1KVP"});
  with.inject = false;
  with.hardware = outputs_one_and_four();
  run(with);
  const store::Study study = store::Study::open_existing(with.study);
  ASSERT_EQ(study.info().references.size(), 4u);
  for (const store::ReferenceCost& reference : study.info().references) {
    for (const auto& point : study.points()) {
      if (point.hardware != reference.hardware) continue;
      EXPECT_EQ(point.cost.cycles, reference.cycles);  // Multipliers change none.
      const bool is_exact = point.measurement == study.info().exact_key;
      if (is_exact && point.cost.baseline == reference.baseline) {
        EXPECT_EQ(point.cost.lut, reference.lut);
      }
    }
  }
}

TEST_F(ExploreTest, AStudyGrowsByHardwareAndThenEqualsOneExploredAtOnce) {
  ExploreParams whole = params("whole.sqlite", {"1KVP"});
  whole.hardware = outputs_one_and_four();
  run(whole);
  ExploreParams grown = params("grown.sqlite", {"1KVP"});
  grown.hardware = {whole.hardware.back()};
  run(grown);
  grown.hardware = whole.hardware;
  const ExploreStats second = run(grown);
  EXPECT_EQ(second.evaluated, 0u);
  EXPECT_EQ(second.injected, 0u);
  EXPECT_EQ(content(grown.study), content(whole.study));
}

// Sixteen designs pass or fail the gate of cycles by their hardware; the slow forms share the
// faults that the fast ones were injected with.
TEST_F(ExploreTest, AGateOnCyclesRejectsSomeHardwareOfADesign) {
  ExploreParams with = params("gated.sqlite", {"1KVP"});
  with.hardware = outputs_one_and_four();
  run(with);
  std::int64_t fastest = std::numeric_limits<std::int64_t>::max();
  for (const auto& point : store::Study::open_existing(with.study).points()) {
    fastest = std::min(fastest, point.cost.cycles);
  }
  with.gates.max_cycles = fastest;
  EXPECT_EQ(run(with).gated, 31u);
}

TEST_F(ExploreTest, TooManyPointsAreRefusedWithBothNumbers) {
  ExploreParams with = params("many.sqlite", {"1KVP"});
  with.hardware.assign(DesignSpace::kMaxDesigns, {});
  try {
    run(with);
    FAIL() << "explored 16 million points";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("16 designs x 1000000"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace deepaxe::explore
