#include "deepaxe/fault/difference_loops.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "deepaxe/base/philox.h"

namespace deepaxe::fault {
namespace {

constexpr std::size_t kCounts[] = {1, 7, 8, 10, 16, 63, 64, 65, 84, 120, 200};

TEST(DifferenceLoops, ScaleAndAddAsTheFormulaOnEveryInstructionSet) {
  const base::CounterRng rng(1);
  std::vector<std::int16_t> plane(200);
  for (std::size_t i = 0; i < plane.size(); ++i) {
    plane[i] = static_cast<std::int16_t>(static_cast<int>(rng.below(65'536, i)) - 32'768);
  }
  for (const kernel::Isa isa : kernel::available_isas()) {
    const DifferenceLoops& loops = difference_loops(isa);
    for (const std::size_t count : kCounts) {
      std::vector<std::int32_t> sums(count);
      loops.set_scaled(sums.data(), plane.data(), -255, count);
      loops.add_scaled(sums.data(), plane.data(), 7, count);
      for (std::size_t o = 0; o < count; ++o) ASSERT_EQ(sums[o], -248 * plane[o]);
    }
  }
}

TEST(DifferenceLoops, FindWhatLiesOutsideUpToTheLimitsOfInt32) {
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  const std::int32_t lows[] = {kMin, -1000, -1, 0}, highs[] = {0, 1, 500, kMax};
  const base::CounterRng rng(2);
  for (const kernel::Isa isa : kernel::available_isas()) {
    for (const std::size_t count : kCounts) {
      std::vector<std::int32_t> deltas, low;
      std::vector<std::uint32_t> width, expected, found(count);
      for (std::size_t o = 0; o < count; ++o) {
        const std::int32_t high = highs[rng.below(4, o, 0)];
        deltas.push_back(static_cast<std::int32_t>(rng.below(4001, o + 1000)) - 2000);
        low.push_back(lows[rng.below(4, o, 1)]);
        width.push_back(static_cast<std::uint32_t>(high) - static_cast<std::uint32_t>(low[o]));
        if (deltas[o] < low[o] || deltas[o] > high) {
          expected.push_back(static_cast<std::uint32_t>(o));
        }
      }
      found.resize(difference_loops(isa).find_outside(deltas.data(), low.data(), width.data(),
                                                      count, found.data()));
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace deepaxe::fault
