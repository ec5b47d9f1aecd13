#include "deepaxe/explore/explorer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/hardware_space.h"
#include "deepaxe/explore/study_records.h"
#include "deepaxe/explore/test_models.h"
#include "deepaxe/hw/cost/cost.h"

namespace deepaxe::explore {
namespace {

namespace fs = std::filesystem;

class ExploreTest : public ::testing::Test {
 protected:
  ExploreTest()
      : model_(test::chain_model(3)),
        engine_(model_),
        data_(test::random_data(model_, 24, engine_.num_classes())) {
    // Labels are mostly what the exact network says, so that there is accuracy to lose.
    const auto golden =
        engine::evaluate(engine_, engine::exact_assignment(model_), data_.images, {}, 1);
    for (std::size_t i = 0; i < data_.labels.size(); ++i) {
      if (i % 8 != 0) data_.labels[i] = golden.predictions[i];
    }
  }

  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("deepaxe_explore_" + std::to_string(::getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override {
    base::clear_interrupt();
    fs::remove_all(folder_);
  }

  ExploreParams params(const std::string& file,
                       const std::vector<std::string>& names = {"1KVP", "trunc(4)"}) const {
    ExploreParams params;
    params.study = folder_ / file;
    for (const auto& name : names) {
      params.space.multipliers.push_back(arith::find_multiplier(name));
    }
    params.campaign.sampling = fault::Sampling::kStratified;
    params.campaign.max_pairs = 400;
    params.data_key = "random";
    params.num_threads = 1;
    params.max_designs_per_commit = 5;
    return params;
  }

  ExploreStats run(const ExploreParams& with) const {
    return explore(engine_, data_.images, data_.labels, with);
  }

  // What must be equal of two studies: all but the seconds.
  static std::pair<std::vector<store::PointRecord>, store::View> content(const fs::path& file) {
    const store::Study study = store::Study::open_existing(file);
    auto points = study.points();
    for (store::PointRecord& point : points) {
      if (point.faults) point.faults->seconds = 0;
    }
    return {points, study.view()};
  }

  model::Int8Model model_;
  engine::Int8Engine engine_;
  test::TestData data_;
  fs::path folder_;
};

TEST_F(ExploreTest, EveryPointIsConfirmedByEvaluateAndInject) {
  const ExploreParams with = params("s.sqlite");
  const ExploreStats stats = run(with);
  EXPECT_EQ(stats.designs, 31u);  // 1 + 2 (2^4 - 1)
  EXPECT_EQ(stats.evaluated, 31u);
  EXPECT_EQ(stats.injected, 31u);
  const auto points = store::Study::open_existing(with.study).points();
  ASSERT_EQ(points.size(), 31u);
  EXPECT_EQ(points.front().multiplier, "exact");
  for (const store::PointRecord& point : points) {
    const auto assignment = engine::parse_assignment(point.assignment, model_);
    EXPECT_EQ(point.correct,
              engine::evaluate(engine_, assignment, data_.images, data_.labels, 1).correct);
    const auto campaign =
        fault::run_campaign(engine_, assignment, data_.images, data_.labels, with.campaign);
    if (!point.faults) FAIL() << point.assignment << " has no campaign";
    EXPECT_EQ(point.faults->counts, campaign.total.counts);
    EXPECT_EQ(point.faults->sdc_high, campaign.sdc_interval.high);
    EXPECT_EQ(point.faults->by_tensor_bit.size(),
              8 * store::Study::open_existing(with.study).info().tensors.size());
  }
}

TEST_F(ExploreTest, OfWeightsIsConfirmedByInjectAndIsAStudyOfItsOwn) {
  ExploreParams with = params("w.sqlite", {"1KVP"});
  with.campaign.space.targets = {fault::Target::kWeight, fault::Target::kActivation};
  with.campaign.max_pairs = 2'000;
  run(with);
  const store::Study study = store::Study::open_existing(with.study);
  const auto points = study.points();
  const auto computing = model::computing_nodes(model_).size();
  EXPECT_EQ(study.info().tensors.size(), computing + fault::FaultSpace(model_).tensors().size());
  for (const store::PointRecord& point : points) {
    const auto campaign =
        fault::run_campaign(engine_, engine::parse_assignment(point.assignment, model_),
                            data_.images, data_.labels, with.campaign);
    if (!point.faults) FAIL() << point.assignment << " has no campaign";
    EXPECT_EQ(point.faults->counts, campaign.total.counts);
    EXPECT_EQ(point.faults->by_tensor_bit.size(), 8 * study.info().tensors.size());
  }
  with.campaign.space.targets = {fault::Target::kActivation};
  EXPECT_THROW(run(with), base::InputError);
  with.study = folder_ / "accumulators.sqlite";
  with.campaign.space.targets = {fault::Target::kAccumulator};
  EXPECT_THROW(run(with), std::invalid_argument);
}

TEST_F(ExploreTest, InterruptedAtEveryCommitAndResumedItEqualsOneUninterruptedRun) {
  run(params("whole.sqlite"));
  int commits = 0;
  ExploreParams broken = params("broken.sqlite");
  broken.on_commit = [&] {
    ++commits;
    base::request_interrupt();
  };
  bool done = false;
  while (!done && commits < 1000) {
    base::clear_interrupt();
    const int before = commits;
    EXPECT_THROW(run(broken), base::Interrupted);
    const store::Study study = store::Study::open_existing(broken.study);
    done = !study.view().objectives.empty();
    ASSERT_EQ(commits, before + 1);  // Every call gets one commit further.
  }
  EXPECT_GT(commits, 31);
  EXPECT_EQ(content(broken.study), content(folder_ / "whole.sqlite"));
}

TEST_F(ExploreTest, KilledAtAnyMomentAndResumedItEqualsOneUninterruptedRun) {
  run(params("whole.sqlite"));
  const ExploreParams killed = params("killed.sqlite");
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      run(killed);
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(3000 + 12'000 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  run(killed);
  EXPECT_EQ(content(killed.study), content(folder_ / "whole.sqlite"));
}

TEST_F(ExploreTest, ThreadsAndCommitSizesChangeNothing) {
  run(params("one.sqlite"));
  ExploreParams other = params("three.sqlite");
  other.num_threads = 3;
  other.max_designs_per_commit = 100;
  run(other);
  EXPECT_EQ(content(other.study), content(folder_ / "one.sqlite"));
}

TEST_F(ExploreTest, ALaterRunAddsMultipliersAndRepeatsNothing) {
  run(params("step.sqlite", {"1KVP"}));
  const ExploreStats second = run(params("step.sqlite"));
  EXPECT_EQ(second.evaluated, 15u);
  EXPECT_EQ(second.injected, 15u);
  run(params("whole.sqlite"));
  EXPECT_EQ(content(folder_ / "step.sqlite"), content(folder_ / "whole.sqlite"));
  const ExploreStats third = run(params("step.sqlite"));
  EXPECT_EQ(third.evaluated + third.injected, 0u);
}

TEST_F(ExploreTest, WhatFailsTheAccuracyGateIsListedAndNotInjected) {
  ExploreParams with = params("gated.sqlite");
  with.gates.max_drop = 0.05;
  const ExploreStats stats = run(with);
  const auto points = store::Study::open_existing(with.study).points();
  const std::int64_t exact = points.front().correct;
  std::uint64_t gated = 0;
  for (const store::PointRecord& point : points) {
    const bool fails = static_cast<double>(exact - point.correct) / 24 > 0.05;
    gated += fails;
    EXPECT_EQ(point.status == store::PointStatus::kGated, fails);
    EXPECT_EQ(point.faults.has_value(), !fails);
    EXPECT_EQ(point.gate, fails ? "max_drop" : "");
  }
  EXPECT_EQ(stats.gated, gated);
  EXPECT_GT(gated, 0u);
  EXPECT_EQ(stats.injected, points.size() - gated);
}

TEST_F(ExploreTest, ALaterRunWithLooserGatesInjectsTheRest) {
  ExploreParams with = params("gated.sqlite");
  with.gates.max_drop = 0.05;
  run(with);
  run(params("gated.sqlite"));
  run(params("whole.sqlite"));
  EXPECT_EQ(content(folder_ / "gated.sqlite"), content(folder_ / "whole.sqlite"));
}

TEST_F(ExploreTest, TheVulnerabilityGateComesAfterInjection) {
  ExploreParams with = params("gated.sqlite");
  with.gates.max_vulnerability = -1.0;
  const ExploreStats stats = run(with);
  EXPECT_EQ(stats.injected, 31u);
  EXPECT_EQ(stats.gated, 31u);
  const auto points = store::Study::open_existing(with.study).points();
  EXPECT_EQ(points.back().gate, "max_vulnerability");
  EXPECT_TRUE(points.back().faults.has_value());
}

TEST_F(ExploreTest, EnergyAndClockAreThoseOfTheMultipliers) {
  ExploreParams with = params("physical.sqlite", {"1L12"});
  with.inject = false;
  with.objectives = {Objective::kAccuracyDrop, Objective::kEnergy};
  run(with);
  const auto [points, view] = content(with.study);
  const auto exact = std::ranges::find(points, "exact", &store::PointRecord::assignment);
  ASSERT_NE(exact, points.end());
  for (const store::PointRecord& point : points) {
    if (point.assignment == exact->assignment) continue;
    EXPECT_LT(*point.cost.energy_nj, *exact->cost.energy_nj) << point.assignment;
    EXPECT_GE(*point.cost.max_mhz, *exact->cost.max_mhz) << point.assignment;
  }
  EXPECT_EQ(view.objectives, (std::vector<std::string>{"accuracy_drop", "energy"}));
}

TEST_F(ExploreTest, WithoutFaultsTheViewHasTheExactObjectives) {
  ExploreParams with = params("s.sqlite");
  with.inject = false;
  EXPECT_EQ(run(with).injected, 0u);
  const auto [points, view] = content(with.study);
  EXPECT_EQ(view.objectives, (std::vector<std::string>{"accuracy_drop", "cycles", "resources"}));
  EXPECT_EQ(view.points.size(), 31u);
  with.inject = true;
  EXPECT_EQ(run(with).injected, 31u);
}

TEST_F(ExploreTest, AStudyOfAnotherModelOrOtherOptionsIsRefused) {
  const ExploreParams with = params("s.sqlite", {});
  run(with);
  const engine::Int8Engine other(test::chain_model(4));
  EXPECT_THROW(explore(other, data_.images, data_.labels, with), base::InputError);
  std::vector<std::int8_t> other_images = data_.images;
  ++other_images[5];
  EXPECT_THROW(explore(engine_, other_images, data_.labels, with), base::InputError);
  ExploreParams changed = with;
  changed.campaign.max_pairs = 500;
  try {
    run(changed);
    FAIL() << "accepted another budget";
  } catch (const base::InputError& error) {
    EXPECT_EQ(
        std::string(error.what()),
        changed.study.string() + ": option max_pairs: found a study made with 400, expected 500");
  }
}

// An option that only one of the two has is named like any other, not the whole of both.
TEST_F(ExploreTest, OtherTargetsAreRefusedByName) {
  const ExploreParams usual = params("usual.sqlite", {});
  ExploreParams weights = params("weights.sqlite", {});
  weights.campaign.space.targets = {fault::Target::kWeight};
  run(usual);
  run(weights);
  for (ExploreParams mixed : {usual, weights}) {
    mixed.study = mixed.study == usual.study ? weights.study : usual.study;
    try {
      run(mixed);
      FAIL() << "accepted other targets";
    } catch (const base::InputError& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("option targets"), std::string::npos) << text;
      EXPECT_NE(text.find("the default"), std::string::npos) << text;
      EXPECT_EQ(text.find("cost_source"), std::string::npos) << text;
    }
  }
}

TEST_F(ExploreTest, CyclesOfOneStudyAreAllOfOneLaw) {
  const ExploreStats stats = run(params("s.sqlite"));
  const auto points = store::Study::open_existing(folder_ / "s.sqlite").points();
  for (const store::PointRecord& point : points) {
    EXPECT_EQ(point.cost.cycles, point.cost.cycles_engine);
    EXPECT_EQ(point.cost.cycles_source, points.front().cost.cycles_source);
  }
  ASSERT_EQ(stats.notes.size(), 1u);
  EXPECT_NE(stats.notes[0].find("latency law is not defined"), std::string::npos);
}

TEST_F(ExploreTest, AListOfAssignmentsIsExploredWithExact) {
  ExploreParams with = params("s.sqlite", {});
  with.space.assignments = {engine::parse_assignment("conv1=1KVP,dense2=1KV9", model_)};
  EXPECT_EQ(run(with).designs, 2u);
  const auto points = store::Study::open_existing(with.study).points();
  EXPECT_EQ(points[0].assignment, "exact");
  EXPECT_EQ(points[1].multiplier, "mixed");
}

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
