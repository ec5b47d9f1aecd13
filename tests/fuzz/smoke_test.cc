// Every fuzz target over its seeds, the kept crashes and some seeded mutations: the harness works
// with any compiler, and what fuzzing has found stays mended.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "all_targets.h"
#include "allocation_meter.h"
#include "deepaxe/base/file.h"
#include "mutate.h"

namespace deepaxe::fuzz {
namespace {

class FuzzTarget : public testing::TestWithParam<const Target*> {};

// No seed or mutation here is a compressed file of more than 16 MB, so this is the bound of
// docs/robustness.md.
std::size_t max_allocation(const Bytes& input) {
  return 4 * input.size() + (std::size_t{64} << 20);
}

void run(const Target& target, const Bytes& input, const std::string& what) {
  reset_allocation_peak();
  ASSERT_NO_THROW(target.run(input)) << what;
  EXPECT_LE(allocation_peak(), max_allocation(input)) << what;
}

TEST_P(FuzzTarget, NeitherFailsNorAllocatesTooMuchOnSeedsAndMutations) {
  const Target& target = *GetParam();
  const std::vector<Bytes> seeds = target.seeds();
  ASSERT_FALSE(seeds.empty());
  for (std::size_t i = 0; i < seeds.size(); ++i) run(target, seeds[i], std::to_string(i));
  for (int i = 0; i < target.num_smoke_mutations; ++i) {
    run(target, mutate(seeds, static_cast<std::uint64_t>(i)), "mutation " + std::to_string(i));
  }
}

// Files of regressions/TARGET-*: what once crashed.
TEST_P(FuzzTarget, WhatFuzzingFoundStaysMended) {
  const std::string prefix = std::string(GetParam()->name) + "-";
  const auto folder = std::filesystem::path(DEEPAXE_SOURCE_DIR) / "tests/fuzz/regressions";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix)) run(*GetParam(), base::read_file(entry.path()), name);
  }
}

TEST(Mutate, IsAFunctionOfSeedsAndIndex) {
  const std::vector<Bytes> seeds = kNpy.seeds();
  EXPECT_EQ(mutate(seeds, 7), mutate(seeds, 7));
  EXPECT_NE(mutate(seeds, 7), mutate(seeds, 8));
}

INSTANTIATE_TEST_SUITE_P(, FuzzTarget, testing::ValuesIn(kAllTargets),
                         [](const auto& test) { return std::string(test.param->name); });

}  // namespace
}  // namespace deepaxe::fuzz
