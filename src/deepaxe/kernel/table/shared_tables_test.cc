// The evolved unsigned circuits of ../shared/data, with signs beside them: no closed form, ranks up
// to 192, and products that leave 16 bits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/base/npy.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/kernel/random_layer_for_test.h"
#include "deepaxe/kernel/table/compare_for_test.h"

namespace deepaxe::kernel::table {
namespace {

namespace fs = std::filesystem;

struct SharedTable {
  std::string name;
  arith::Multiplier multiplier;
};

// sign(a) sign(b) u(|a|, |b|), clamped to 16 bits.
arith::Multiplier with_signs(const fs::path& path) {
  const std::vector<double> unsigned_products = base::read_npy(path).as_doubles();
  std::vector<std::int16_t> products(arith::Multiplier::kNumProducts);
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      const auto place = static_cast<std::size_t>(std::abs(a) << 8 | std::abs(b));
      const double product = ((a < 0) != (b < 0) ? -1 : 1) * unsigned_products.at(place);
      products[arith::Multiplier::index(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b))] =
          static_cast<std::int16_t>(std::clamp(product, -32768.0, 32767.0));
    }
  }
  return arith::Multiplier(std::move(products));
}

class SharedTables : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path folder = fs::path(DEEPAXE_SOURCE_DIR) / "../shared/data/multipliers";
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() != ".npy" || !name.starts_with("mul8u_")) continue;
      tables_.push_back({.name = name, .multiplier = with_signs(entry.path())});
    }
    std::ranges::sort(tables_, {}, &SharedTable::name);
    ASSERT_FALSE(tables_.empty()) << folder << " has no mul8u_*.npy";
  }

  std::vector<SharedTable> tables_;
};

TEST_F(SharedTables, EqualTheReferenceOnEveryPathAndInstructionSet) {
  std::uint64_t stream = 300'000;
  for (const SharedTable& table : tables_) {
    SCOPED_TRACE(table.name);
    const arith::Multiplier* const multipliers[] = {&table.multiplier};
    PanelCache cache;
    for (int trial = 0; trial < 4; ++trial) {
      Dice dice(++stream);
      const ComputingLayer layer = random_layer(dice, random_geometry(dice));
      const auto batch = static_cast<std::size_t>(dice.in(1, 9));
      const std::size_t size = batch * layer.geometry.in_size();
      const auto input =
          trial % 2 == 0 ? dice.codes(size) : dice.sparse_codes(size, layer.in_zero_point);
      expect_equal_everywhere(layer, multipliers, input, batch, cache);
      if (HasFatalFailure()) return;
    }
  }
}

// All tables at once, each image by whichever thread comes, through a cache that holds a few.
TEST_F(SharedTables, AnyNumberOfThreadsGivesTheSameBytes) {
  Dice dice(310'000);
  const ComputingLayer layer = random_layer(dice, {.in_h = 6,
                                                   .in_w = 6,
                                                   .in_c = 5,
                                                   .out_h = 4,
                                                   .out_w = 4,
                                                   .out_c = 21,
                                                   .kernel_h = 3,
                                                   .kernel_w = 3});
  const auto input = dice.codes(layer.geometry.in_size());
  std::vector<Results> expected;
  for (const SharedTable& table : tables_) {
    const arith::Multiplier* const multipliers[] = {&table.multiplier};
    expected.push_back(run_reference(layer, multipliers, input, 1));
  }
  for (const int num_threads : {1, 2, 5}) {
    PanelCache cache(1 << 20);
    const TableLayer table_layer(layer, cache);
    base::parallel_for(3 * tables_.size(), num_threads, [&](std::size_t index, int) {
      const std::size_t which = index % tables_.size();
      const arith::Multiplier* const multipliers[] = {&tables_[which].multiplier};
      ASSERT_EQ(run_table(table_layer, layer.geometry.out_size(), multipliers, input, 1),
                expected[which])
          << tables_[which].name << " with " << num_threads << " threads";
    });
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table
