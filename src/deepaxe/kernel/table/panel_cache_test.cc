#include "deepaxe/kernel/table/panel_cache.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/base/parallel.h"
#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::table {
namespace {

arith::Multiplier constant_multiplier(std::int16_t product) {
  return arith::Multiplier(std::vector<std::int16_t>(arith::Multiplier::kNumProducts, product));
}

TEST(PanelCache, FindsByProductsAndNotByAddress) {
  PanelCache cache;
  const int owner = cache.new_owner();
  int num_builds = 0;
  const auto build = [&] {
    ++num_builds;
    return PanelCache::Words(10, 7);
  };
  const auto first = cache.find_or_build(owner, constant_multiplier(1), build);
  EXPECT_EQ(cache.find_or_build(owner, constant_multiplier(1), build), first);
  EXPECT_EQ(num_builds, 1);
  EXPECT_NE(cache.find_or_build(owner, constant_multiplier(2), build), first);
  EXPECT_NE(cache.find_or_build(cache.new_owner(), constant_multiplier(1), build), first);
  EXPECT_EQ(num_builds, 3);
}

TEST(PanelCache, DropsTheLeastRecentlyUsedBeyondItsBound) {
  PanelCache cache(1000);
  const int owner = cache.new_owner();
  int num_builds = 0;
  const auto get = [&](std::int16_t product) {
    return cache.find_or_build(owner, constant_multiplier(product), [&] {
      ++num_builds;
      return PanelCache::Words(100, static_cast<std::uint32_t>(product));  // 400 bytes.
    });
  };
  const auto one = get(1);
  get(2);
  get(1);
  get(3);  // Drops 2.
  EXPECT_EQ(cache.num_bytes(), 800U);
  EXPECT_EQ(num_builds, 3);
  get(1);
  EXPECT_EQ(num_builds, 3);
  get(2);
  EXPECT_EQ(num_builds, 4);
  EXPECT_EQ(one->front(), 1U);
}

TEST(PanelCache, KeepsAnEntryLargerThanTheBoundUntilTheNext) {
  PanelCache cache(10);
  const int owner = cache.new_owner();
  const auto build = [] { return PanelCache::Words(100); };
  cache.find_or_build(owner, constant_multiplier(1), build);
  EXPECT_EQ(cache.num_bytes(), 400U);
  cache.find_or_build(owner, constant_multiplier(2), build);
  EXPECT_EQ(cache.num_bytes(), 400U);
}

TEST(PanelCache, TransposesEveryProduct) {
  PanelCache cache;
  Dice dice(1);
  const arith::Multiplier multiplier = make_test_multiplier(TableKind::kRandom, dice);
  const auto products = cache.transposed(multiplier);
  for (std::size_t a = 0; a < 256; ++a) {
    for (std::size_t b = 0; b < 256; ++b) {
      ASSERT_EQ((*products)[b << 8 | a], multiplier.products()[a << 8 | b]);
    }
  }
}

TEST(PanelCache, GivesEqualWordsToManyThreads) {
  PanelCache cache(2000);  // Small: finding, building and dropping at the same time.
  const int owner = cache.new_owner();
  std::vector<arith::Multiplier> multipliers;
  for (std::int16_t product = 0; product < 10; ++product) {
    multipliers.push_back(constant_multiplier(product));
  }
  base::parallel_for(2000, 4, [&](std::size_t index, int) {
    const std::size_t which = index * 7 % multipliers.size();
    const auto words = cache.find_or_build(owner, multipliers[which], [&] {
      return PanelCache::Words(100, static_cast<std::uint32_t>(which));
    });
    ASSERT_EQ(words->back(), which);
  });
}

}  // namespace
}  // namespace deepaxe::kernel::table
