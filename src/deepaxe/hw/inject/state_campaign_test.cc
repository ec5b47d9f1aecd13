#include "deepaxe/hw/inject/state_campaign.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace deepaxe::hw::inject {
namespace {

constexpr std::array<std::int8_t, 3> kGolden = {5, 9, -3};  // Class 1.

fault::Outcome outcome(std::vector<int> logits, int label) {
  return outcome_of({.logits = std::move(logits)}, kGolden, label);
}

TEST(OutcomeOfARun, IsThatOfItsLogits) {
  EXPECT_EQ(outcome({5, 9, -3}, 1), fault::Outcome::kMasked);
  EXPECT_EQ(outcome({5, 8, -3}, 1), fault::Outcome::kChangedSameClass);
  EXPECT_EQ(outcome({9, 9, -3}, 1), fault::Outcome::kHarmful);  // The first maximum wins.
  EXPECT_EQ(outcome({9, 8, -3}, 0), fault::Outcome::kBeneficial);
  EXPECT_EQ(outcome({9, 8, -3}, 2), fault::Outcome::kNeutral);
}

TEST(OutcomeOfARun, IsAHangWithoutLogitsAndDetectedWithAWrongFrame) {
  EXPECT_EQ(outcome_of({.hangs = true}, kGolden, 1), fault::Outcome::kHang);
  EXPECT_EQ(outcome_of({.wrong_frame = true, .logits = {5, 9, -3}}, kGolden, 1),
            fault::Outcome::kDetected);
}

TEST(StateCounts, AddUp) {
  StateCounts one, two;
  ++one.outcomes[fault::Outcome::kHang];
  two.lasting = 2;
  two.sdc_with_wrong_cycles = 3;
  one += two;
  EXPECT_EQ(one.outcomes.pairs(), 1);
  EXPECT_EQ(one.lasting, 2);
  EXPECT_EQ(one.sdc_with_wrong_cycles, 3);
}

}  // namespace
}  // namespace deepaxe::hw::inject
