#include "deepaxe/explore/pareto_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/fault/campaign.h"

namespace deepaxe::explore {
namespace {

using store::PointRecord;

store::StudyInfo info_of(const std::string& sampling) {
  store::StudyInfo info;
  info.options = R"({"sampling":")" + sampling + "\"}";
  return info;
}

PointRecord point_of(const std::string& key, std::int64_t correct, std::int64_t cycles,
                     double lut) {
  PointRecord point;
  point.key = point.measurement = key;
  point.correct = correct;
  point.images = 100;
  point.cost.cycles = cycles;
  point.cost.lut = lut;
  return point;
}

// Faults whose class changes, all harmful, are the pairs 0, step, 2 step... below `pairs`.
void add_faults(PointRecord& point, std::uint64_t pairs, std::uint64_t step) {
  point.status = store::PointStatus::kInjected;
  store::FaultRecord& record = point.faults.emplace();
  record.pairs = static_cast<std::int64_t>(pairs);
  for (std::uint64_t p = 0; p < pairs; p += step) {
    record.changes.push_back({p, store::Outcome::kHarmful});
  }
  const auto harmful = static_cast<std::int64_t>(record.changes.size());
  record.counts[static_cast<std::size_t>(store::Outcome::kHarmful)] = harmful;
  record.counts[0] = record.pairs - harmful;
  record.sdc_rate = record.vulnerability =
      static_cast<double>(harmful) / static_cast<double>(pairs);
  record.sdc_low = record.sdc_rate * 0.9;
  record.sdc_high = record.sdc_rate * 1.1;
}

// Points with few distinct values, so that ties and equal points are common.
std::vector<PointRecord> random_points(std::uint64_t seed, std::size_t count, bool faults) {
  const base::CounterRng rng(seed);
  std::vector<PointRecord> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back(point_of(std::to_string(i), static_cast<std::int64_t>(rng.below(8, 4 * i)),
                              static_cast<std::int64_t>(rng.below(8, 4 * i + 1)),
                              static_cast<double>(rng.below(8, 4 * i + 2))));
    if (faults) add_faults(points.back(), 3000, 20 + rng.below(60, 4 * i + 3));
  }
  return points;
}

// The definition of dominance, asked of two records.
bool dominates(const PointRecord& a, const PointRecord& b, bool sampled) {
  bool better = a.correct > b.correct || a.cost.cycles < b.cost.cycles ||
                a.cost.resources() < b.cost.resources();
  if (a.correct < b.correct || a.cost.cycles > b.cost.cycles ||
      a.cost.resources() > b.cost.resources()) {
    return false;
  }
  if (!sampled) return better;
  const auto changes = [](const PointRecord& point) {
    std::vector<fault::ClassChange> list;
    for (const auto& c : point.faults->changes) list.push_back({c.pair, fault::Outcome::kHarmful});
    return list;
  };
  const auto difference = fault::paired_difference(changes(a), 3000, changes(b), 3000);
  if (difference.sdc_interval.low > 0) return false;
  return better || difference.sdc_interval.high < 0;
}

class ViewOfRandomPoints : public ::testing::TestWithParam<bool> {
 protected:
  std::vector<Objective> objectives() const {
    if (GetParam()) return default_objectives({});
    return {Objective::kAccuracyDrop, Objective::kCycles, Objective::kResources};
  }
};

TEST_P(ViewOfRandomPoints, FrontEqualsBruteForceAndEveryOtherPointNamesADominatingOne) {
  const auto points = random_points(3, 60, GetParam());
  const store::View view = compute_view(info_of("uniform_pairs"), points, objectives());
  ASSERT_EQ(view.points.size(), points.size());
  std::map<std::string, const PointRecord*> by_key;
  for (const PointRecord& point : points) by_key[point.key] = &point;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool dominated = std::any_of(points.begin(), points.end(), [&](const PointRecord& p) {
      return dominates(p, points[i], GetParam());
    });
    EXPECT_EQ(view.points[i].on_front, !dominated) << i;
    EXPECT_EQ(view.points[i].dominated_by.empty(), !dominated) << i;
    if (dominated) {
      EXPECT_TRUE(dominates(*by_key.at(view.points[i].dominated_by), points[i], GetParam()));
    }
  }
}

TEST_P(ViewOfRandomPoints, TheFrontDoesNotDependOnTheOrderOfPoints) {
  auto points = random_points(4, 50, GetParam());
  const auto front_keys = [&] {
    std::vector<std::string> keys;
    for (const auto& p : compute_view(info_of("uniform_pairs"), points, objectives()).points) {
      if (p.on_front) keys.push_back(p.key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  };
  const auto expected = front_keys();
  std::reverse(points.begin(), points.end());
  EXPECT_EQ(front_keys(), expected);
}

INSTANTIATE_TEST_SUITE_P(ExactAndSampled, ViewOfRandomPoints, ::testing::Bool());

TEST(ParetoView, WhatThePairedIntervalCannotTellApartTiesAndIsShown) {
  std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 91, 11, 5)};
  add_faults(points[0], 10'000, 1000);
  add_faults(points[1], 10'000, 900);  // A little more, far within the interval.
  const store::View view = compute_view(info_of("uniform_pairs"), points, {});
  EXPECT_TRUE(view.points[0].on_front);
  EXPECT_EQ(view.points[0].tied_with, std::vector<std::string>{"b"});
  EXPECT_EQ(view.points[1].tied_with, std::vector<std::string>{"a"});
}

// What was measured once is equal on both, however many pairs more.
TEST(ParetoView, PointsOfOneMeasurementAreNoTie) {
  std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 90, 9, 6),
                                     point_of("c", 90, 9, 7)};
  for (PointRecord& point : points) {
    point.measurement = "one";
    add_faults(point, 10'000, 1000);
  }
  const store::View view = compute_view(info_of("uniform_pairs"), points, {});
  EXPECT_TRUE(view.points[0].on_front && view.points[1].on_front);
  EXPECT_EQ(view.points[2].dominated_by, "b");
  for (const store::ViewPoint& point : view.points) EXPECT_TRUE(point.tied_with.empty());
}

TEST(ParetoView, APointThatOnlyATieLetsBeDominatedNamesThatTie) {
  std::vector<PointRecord> points = {point_of("a", 91, 10, 5), point_of("b", 90, 10, 5)};
  add_faults(points[0], 10'000, 900);
  add_faults(points[1], 10'000, 1000);  // A little less, far within the interval.
  const store::View view = compute_view(info_of("uniform_pairs"), points, {});
  EXPECT_EQ(view.points[1].dominated_by, "a");
  EXPECT_EQ(view.points[1].tied_with, std::vector<std::string>{"a"});
}

TEST(ParetoView, ASampledAxisDecidesOnlyWhereItsIntervalExcludesZero) {
  std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 90, 10, 5)};
  add_faults(points[0], 10'000, 1000);
  add_faults(points[1], 10'000, 10);  // A hundred times more.
  const store::View clear = compute_view(info_of("uniform_pairs"), points, {});
  EXPECT_EQ(clear.points[1].dominated_by, "a");
  add_faults(points[1], 10'000, 900);
  const store::View tied = compute_view(info_of("uniform_pairs"), points, {});
  EXPECT_TRUE(tied.points[0].on_front && tied.points[1].on_front);
}

// 1,000 pairs of each stratum without any change.
store::FaultRecord& add_strata(PointRecord& point, std::size_t num_strata) {
  point.status = store::PointStatus::kInjected;
  store::FaultRecord& record = point.faults.emplace();
  record.by_tensor_bit.assign(num_strata, store::OutcomeCounts{1'000});
  return record;
}

// Of the pairs [first, end) of one stratum.
std::vector<store::ClassChange> harmful_changes(std::uint64_t num_strata, std::uint64_t stratum,
                                                std::uint64_t first, std::uint64_t end) {
  std::vector<store::ClassChange> changes;
  for (std::uint64_t index = first; index < end; ++index) {
    changes.push_back({index * num_strata + stratum, store::Outcome::kHarmful});
  }
  return changes;
}

// 16 strata, of which one is drawn; the changes of one point are in a stratum of 1 / 16 of the
// space.
TEST(ParetoView, StrataAreComparedOverWhatBothSampledOfEach) {
  store::StudyInfo info = info_of("stratified");
  info.num_images = 1'000;
  info.tensors = {{"a", 50}, {"b", 50}};
  std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 90, 10, 5)};
  store::FaultRecord& a = add_strata(points[0], 16);
  add_strata(points[1], 16).changes = harmful_changes(16, 7, 900, 1'000);
  EXPECT_EQ(compute_view(info, points, {}).points[1].dominated_by, "a");
  a.by_tensor_bit[7] = {500};  // The changes lie beyond what both sampled.
  EXPECT_TRUE(compute_view(info, points, {}).points[1].on_front);
}

// The same ten changes of a thousand pairs, in the stratum of one image or in that of the other
// 999: a rate of 1e-2 / 32 / 1000, which is nothing, or about 1e-2 / 32.
TEST(ParetoView, StrataWeighByTheImagesOfTheirClass) {
  store::StudyInfo info = info_of("stratified");
  info.options = R"({"image_class_sizes":[1,999],"sampling":"stratified"})";
  info.num_images = 1'000;
  info.tensors = {{"a", 50'000}, {"b", 50'000}};
  const auto difference_with = [&](std::uint64_t stratum) {
    std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 90, 10, 5)};
    add_strata(points[0], 32);
    add_strata(points[1], 32).changes = harmful_changes(32, stratum, 0, 100);
    return compute_view(info, points, {}).points[1].dominated_by;
  };
  EXPECT_EQ(difference_with(14), "");
  EXPECT_EQ(difference_with(15), "a");
}

TEST(ParetoView, ACensusIsExactAndSharedFaultsNeedDisjointIntervals) {
  std::vector<PointRecord> points = {point_of("a", 90, 10, 5), point_of("b", 90, 10, 5)};
  add_faults(points[0], 10'000, 1000);
  add_faults(points[1], 10'000, 950);  // 10 and 11 changes; intervals +-10 %.
  EXPECT_FALSE(compute_view(info_of("census"), points, {}).points[1].on_front);
  EXPECT_TRUE(compute_view(info_of("common_faults"), points, {}).points[1].on_front);
  add_faults(points[1], 10'000, 700);  // 15 changes: disjoint.
  EXPECT_FALSE(compute_view(info_of("common_faults"), points, {}).points[1].on_front);
}

TEST(ParetoView, GatedPointsAndThoseWithoutNeededFaultsAreLeftOut) {
  std::vector<PointRecord> points = random_points(5, 3, true);
  points[0].status = store::PointStatus::kGated;
  points[1].faults.reset();
  const store::View sampled = compute_view(info_of("uniform_pairs"), points, {});
  ASSERT_EQ(sampled.points.size(), 1u);
  EXPECT_EQ(sampled.points[0].key, "2");
  EXPECT_EQ(compute_view(info_of("uniform_pairs"), points, {Objective::kCycles}).points.size(), 2u);
}

TEST(ParetoView, ASampledObjectiveWithoutFaultsIsRefused) {
  const auto points = random_points(5, 3, false);
  EXPECT_THROW(compute_view(info_of("uniform_pairs"), points, {}), base::InputError);
}

TEST(ParetoView, ObjectiveNamesReadBackAndUnknownOnesAreRefused) {
  for (const Objective o : {Objective::kAccuracyDrop, Objective::kSdc, Objective::kVulnerability,
                            Objective::kCycles, Objective::kResources}) {
    EXPECT_EQ(parse_objective(objective_name(o)), o);
  }
  EXPECT_THROW(parse_objective("cycle"), base::InputError);
}

// A hundred times the work of a quadratic front would be minutes here.
TEST(ParetoView, SixtyFiveThousandExactPointsAreNoBurden) {
  const base::CounterRng rng(8);
  std::vector<PointRecord> points;
  for (std::size_t i = 0; i < 65'536; ++i) {
    points.push_back(point_of(std::to_string(i),
                              static_cast<std::int64_t>(rng.below(10'000, 3 * i)),
                              static_cast<std::int64_t>(rng.below(1'000'000, 3 * i + 1)),
                              static_cast<double>(rng.below(100'000, 3 * i + 2))));
  }
  const store::View view =
      compute_view(info_of("uniform_pairs"), points,
                   {Objective::kAccuracyDrop, Objective::kCycles, Objective::kResources});
  EXPECT_EQ(view.points.size(), points.size());
}

// Faults are those of the measurement: two hardware forms of one design tie on every sampled axis,
// so the exact axes alone decide between them.
TEST(ComputeView, HardwareFormsOfOneDesignAreComparedByCyclesAndResources) {
  PointRecord slow = point_of("slow", 90, 400, 100), fast = point_of("fast", 90, 100, 300),
              worse = point_of("worse", 90, 400, 300);
  slow.measurement = fast.measurement = worse.measurement = "m";
  for (PointRecord* point : {&slow, &fast, &worse}) add_faults(*point, 3000, 30);
  const std::vector<PointRecord> points = {slow, fast, worse};
  const store::View view =
      compute_view(info_of("uniform_pairs"), points, default_objectives(points));
  EXPECT_TRUE(view.points[0].on_front);
  EXPECT_TRUE(view.points[1].on_front);
  EXPECT_FALSE(view.points[2].on_front);
}

TEST(DefaultObjectives, CountDspAndBlockRamWhereDesignsDifferInThem) {
  PointRecord gate = point_of("gate", 1, 1, 1), dsp = gate;
  gate.cost.baseline = "gate";
  dsp.cost.baseline = "dsp";
  gate.hardware.memory = dsp.hardware.memory = "block";
  const std::vector<PointRecord> alike = {gate, gate}, baselines = {gate, dsp};
  EXPECT_EQ(default_objectives(alike).size(), 4u);
  EXPECT_EQ(default_objectives(baselines).back(), Objective::kDsp);
  PointRecord approximate = gate;
  approximate.cost.baseline = store::kNoBaseline;  // Of no exact layer, so no second currency.
  const std::vector<PointRecord> one_baseline = {gate, approximate};
  EXPECT_EQ(default_objectives(one_baseline).size(), 4u);
  PointRecord distributed = dsp, pipelined = dsp, external = dsp;
  distributed.hardware.memory = "distributed";
  pipelined.hardware.schedule = "pipelined";
  external.hardware.weight_memory = {"external"};
  for (const PointRecord& other : {distributed, pipelined, external}) {
    const std::vector<PointRecord> both = {dsp, other};
    EXPECT_EQ(default_objectives(both).back(), Objective::kBram);
  }
}

}  // namespace
}  // namespace deepaxe::explore
