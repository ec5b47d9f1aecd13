#include "deepaxe/explore/explorer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/explorer_fixture_test.h"

namespace deepaxe::explore {
namespace {

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

}  // namespace
}  // namespace deepaxe::explore
