#include "deepaxe/fault/look_schedule.h"

#include <gtest/gtest.h>

#include "deepaxe/fault/interval.h"

namespace deepaxe::fault {
namespace {

TEST(LookSchedule, NeverAllowsMoreErrorsInAllThanAnInterval) {
  double allowed = 0;
  for (int look = 1; look <= 10'000; ++look) allowed += 1 - look_confidence(look);
  EXPECT_LT(allowed, 0.05);
  EXPECT_GT(allowed, 0.0499);
}

TEST(LookSchedule, StartsWhereNoEventIsEnough) {
  for (const double margin : {5e-4, 0.01, 0.1}) {
    const auto pairs = static_cast<std::int64_t>(look_pairs(1, margin));
    EXPECT_LE(clopper_pearson(0, pairs, look_confidence(1)).half_width(), margin);
    EXPECT_GT(clopper_pearson(0, pairs - 2, look_confidence(1)).half_width(), margin);
  }
}

TEST(LookSchedule, DoublesThePairsAtEachLook) {
  for (int look = 1; look < 20; ++look) {
    EXPECT_EQ(look_pairs(look + 1, 1e-3), 2 * look_pairs(look, 1e-3));
    EXPECT_GT(look_confidence(look + 1), look_confidence(look));
  }
}

}  // namespace
}  // namespace deepaxe::fault
