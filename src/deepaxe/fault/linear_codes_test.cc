#include "deepaxe/fault/linear_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace deepaxe::fault {
namespace {

constexpr LinearCodes kCodes = {
    .of_first = 0.71F, .of_second = -0.43F, .constant = 5.3F, .low = -90, .high = 120};

// In double precision, ties away from zero.
std::vector<std::int8_t> table_of(const LinearCodes& codes) {
  std::vector<std::int8_t> table;
  for (int pair = 0; pair < 65'536; ++pair) {
    const auto first = static_cast<std::int8_t>(pair >> 8);
    const auto second = static_cast<std::int8_t>(pair & 255);
    const double value =
        double{codes.constant} + double{codes.of_first} * first + double{codes.of_second} * second;
    table.push_back(
        static_cast<std::int8_t>(std::clamp<double>(std::round(value), codes.low, codes.high)));
  }
  return table;
}

TEST(LinearCodes, HoldForTheTableOfTheirReals) { EXPECT_TRUE(kCodes.hold_for(table_of(kCodes))); }

TEST(LinearCodes, DoNotHoldWhereOneEntryIsAnotherOne) {
  const std::vector<std::int8_t> table = table_of(kCodes);
  for (const std::size_t pair : {0U, 777U, 65'535U}) {
    std::vector<std::int8_t> changed = table;
    ++changed[pair];
    EXPECT_FALSE(kCodes.hold_for(changed)) << pair;
  }
}

TEST(LinearCodes, SayNothingOfTies) {
  const LinearCodes halves = {.of_first = 0.5F, .of_second = 0, .constant = 0};
  std::vector<std::int8_t> up = table_of(halves), down = up;
  for (int first = -128; first < 128; ++first) {
    if (first % 2 == 0) continue;
    const auto row = static_cast<std::size_t>(static_cast<std::uint8_t>(first)) << 8;
    for (std::size_t pair = row; pair < row + 256; ++pair) {
      down[pair] = static_cast<std::int8_t>(std::floor(first / 2.0));
    }
  }
  EXPECT_NE(up, down);
  EXPECT_TRUE(halves.hold_for(up));
  EXPECT_TRUE(halves.hold_for(down));
}

}  // namespace
}  // namespace deepaxe::fault
