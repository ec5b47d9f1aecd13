#include "deepaxe/base/philox.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace deepaxe::base {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Known answers of Random123 1.14 (tests/kat_vectors, philox4x32 10): counter = (index, stream).
TEST(CounterRng, GivesTheKnownAnswersOfPhilox4x32With10Rounds) {
  EXPECT_EQ(CounterRng(0, 0).words(0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(CounterRng(~0ULL, ~0ULL).words(~0ULL),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(CounterRng(0x299f31d0a4093822, 0x0370734413198a2e).words(0x85a308d3243f6a88),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(CounterRng, SeparatesSeedsStreamsIndicesAndLanes) {
  std::set<std::uint64_t> draws;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    for (std::uint64_t stream = 0; stream < 3; ++stream) {
      for (std::uint64_t index = 0; index < 10; ++index) {
        for (const int lane : {0, 1}) {
          draws.insert(CounterRng(seed, stream).below(~0ULL, index, lane));
        }
      }
    }
  }
  EXPECT_EQ(draws.size(), 3u * 3u * 10u * 2u);
}

TEST(CounterRng, StaysBelowItsBound) {
  const CounterRng rng(7);
  for (std::uint64_t index = 0; index < 1000; ++index) {
    EXPECT_EQ(rng.below(1, index), 0u);
    EXPECT_LT(rng.below(3, index), 3u);
    EXPECT_GE(rng.unit(index), 0.0);
    EXPECT_LT(rng.unit(index), 1.0);
  }
}

// 60,000 draws of 6 values: each count is binomial, sd 91; six sd is beyond chance.
TEST(CounterRng, IsUniform) {
  const CounterRng rng(123, 4);
  std::vector<int> counts(6);
  double sum = 0;
  for (std::uint64_t index = 0; index < 60'000; ++index) {
    ++counts[rng.below(6, index)];
    sum += rng.unit(index, 1);
  }
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 6 * 91);
  EXPECT_NEAR(sum / 60'000, 0.5, 6 * std::sqrt(1.0 / 12 / 60'000));
}

}  // namespace
}  // namespace deepaxe::base
