#include "deepaxe/arith/weighted_error.h"

#include <gtest/gtest.h>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {
namespace {

CodeCounts only(std::int8_t code, std::uint64_t count) {
  CodeCounts counts{};
  counts[static_cast<std::uint8_t>(code)] = count;
  return counts;
}

TEST(WeightedError, UnderUniformCountsIsTheErrorOverAllPairs) {
  for (const LibraryEntry& entry : library()) {
    const Multiplier& multiplier = find_multiplier(entry.name)->multiplier;
    const ErrorStats all = error_stats(multiplier);
    const WeightedError weighted = weighted_error(multiplier, uniform_counts(), uniform_counts());
    EXPECT_EQ(weighted.mean_absolute_lsb, all.mean_absolute_lsb) << entry.name;
    EXPECT_EQ(weighted.mean_lsb, all.mean_lsb) << entry.name;
    EXPECT_EQ(weighted.mean_square_lsb2, all.mean_square_lsb2) << entry.name;
    EXPECT_EQ(weighted.probability, all.probability) << entry.name;
  }
}

TEST(WeightedError, OfOnePairIsItsError) {
  const Multiplier& multiplier = find_multiplier("trunc(2)")->multiplier;
  const WeightedError error = weighted_error(multiplier, only(7, 3), only(-5, 2));
  EXPECT_EQ(error.mean_lsb, 4 * -8 - 7 * -5);
  EXPECT_EQ(error.mean_absolute_lsb, 3);
  EXPECT_EQ(error.mean_square_lsb2, 9);
  EXPECT_EQ(error.variance_lsb2(), 0);
  EXPECT_EQ(error.probability, 1);
}

TEST(WeightedError, DoesNotChangeWhenAllCountsGrow) {
  const Multiplier& multiplier = find_multiplier("mitchell")->multiplier;
  CodeCounts counts = uniform_counts();
  counts[3] = 17;
  CodeCounts doubled = counts;
  for (std::uint64_t& count : doubled) count *= 2;
  EXPECT_EQ(weighted_error(multiplier, counts, counts).mean_square_lsb2,
            weighted_error(multiplier, doubled, counts).mean_square_lsb2);
}

TEST(WeightedError, OfNothingIsZero) {
  EXPECT_EQ(weighted_error(find_multiplier("roba")->multiplier, {}, {}).probability, 0);
}

TEST(WeightedError, GivenOneOperandIsThatOfCountsOfThisOperandAlone) {
  const Multiplier& multiplier = find_multiplier("bam(2,5)")->multiplier;
  const ErrorByCode by_first = error_by_first(multiplier, uniform_counts());
  const ErrorByCode by_second = error_by_second(multiplier, uniform_counts());
  for (const int code : {-128, -3, 0, 1, 127}) {
    const auto x = static_cast<std::int8_t>(code);
    const auto pattern = static_cast<std::uint8_t>(x);
    EXPECT_EQ(by_first[pattern].mean_lsb,
              weighted_error(multiplier, only(x, 1), uniform_counts()).mean_lsb);
    EXPECT_EQ(by_second[pattern].mean_square_lsb2,
              weighted_error(multiplier, uniform_counts(), only(x, 1)).mean_square_lsb2);
  }
}

}  // namespace
}  // namespace deepaxe::arith
