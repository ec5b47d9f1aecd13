#include "deepaxe/explore/gates.h"

#include <gtest/gtest.h>

namespace deepaxe::explore {
namespace {

store::PointRecord sample(bool faults) {
  store::PointRecord point;
  point.correct = 90;
  point.images = 100;
  point.cost.cycles = 1000;
  point.cost.utilization_fraction = 0.5;
  if (faults) {
    store::FaultRecord& record = point.faults.emplace();
    record.counts[static_cast<std::size_t>(store::Outcome::kHarmful)] = 10;
    record.pairs = 100;
    record.vulnerability = 0.1;
  }
  return point;
}

constexpr std::int64_t kExactCorrect = 95;  // A drop of 0.05.

TEST(Gates, WithoutLimitsStatusFollowsFromTheFaults) {
  store::PointRecord without = sample(false), with = sample(true);
  apply_gates(without, {}, kExactCorrect);
  apply_gates(with, {}, kExactCorrect);
  EXPECT_EQ(without.status, store::PointStatus::kEvaluated);
  EXPECT_EQ(with.status, store::PointStatus::kInjected);
}

TEST(Gates, AValueAtItsLimitPassesAndAboveItFailsWithBothNumbers) {
  store::PointRecord point = sample(true);
  apply_gates(
      point,
      {.max_drop = 0.05, .max_cycles = 1000, .max_utilization = 0.5, .max_vulnerability = 0.1},
      kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kInjected);
  Gates tight;
  tight.max_cycles = 999;
  apply_gates(point, tight, kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kGated);
  EXPECT_EQ(point.gate, "max_cycles");
  EXPECT_EQ(point.gate_value, 1000);
  EXPECT_EQ(point.gate_limit, 999);
}

TEST(Gates, APartThatCannotHoldTheDesignIsAskedFirstAndNamesTheResource) {
  store::PointRecord point = sample(true);
  point.cost.bram = 5.5;
  Gates gates;
  gates.max_drop = 0.0;
  gates.part = hw::cost::find_part("xc7s6");
  apply_gates(point, gates, kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kGated);
  EXPECT_EQ(point.gate, "part_bram");
  EXPECT_EQ(point.gate_value, 5.5);
  EXPECT_EQ(point.gate_limit, 5);
  point.cost.bram = 5;
  gates.max_drop.reset();
  apply_gates(point, gates, kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kInjected);
}

TEST(Gates, TheFirstGateThatFailsIsNamed) {
  const Gates none = {
      .max_drop = 0.0, .max_cycles = 0, .max_utilization = 0.0, .max_vulnerability = 0.0};
  const auto gate = [](Gates gates) {
    store::PointRecord point = sample(true);
    apply_gates(point, gates, kExactCorrect);
    return point.gate;
  };
  Gates gates = none;
  EXPECT_EQ(gate(gates), "max_drop");
  gates.max_drop.reset();
  EXPECT_EQ(gate(gates), "max_cycles");
  gates.max_cycles.reset();
  EXPECT_EQ(gate(gates), "max_utilization");
  gates.max_utilization.reset();
  EXPECT_EQ(gate(gates), "max_vulnerability");
}

TEST(Gates, ALooserGateTakesARejectedPointBack) {
  store::PointRecord point = sample(false);
  const store::PointRecord fresh = point;
  Gates gates;
  gates.max_drop = 0.01;
  apply_gates(point, gates, kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kGated);
  apply_gates(point, {}, kExactCorrect);
  EXPECT_EQ(point, fresh);
}

TEST(Gates, VulnerabilityIsNotAskedBeforeInjection) {
  store::PointRecord point = sample(false);
  Gates gates;
  gates.max_vulnerability = 0.0;
  apply_gates(point, gates, kExactCorrect);
  EXPECT_EQ(point.status, store::PointStatus::kEvaluated);
}

}  // namespace
}  // namespace deepaxe::explore
