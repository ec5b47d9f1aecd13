#include "deepaxe/kernel/table/code_ranks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "deepaxe/kernel/random_layer_for_test.h"

namespace deepaxe::kernel::table {
namespace {

// Whatever the channels' number (eights and a rest) and however many codes there are.
TEST(CodeRanks, NumberTheCodesOfEachChannelWithoutGaps) {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    Dice dice(900 + trial);
    const auto channels = static_cast<std::size_t>(dice.in(1, 40));
    const auto num_pixels = static_cast<std::size_t>(dice.in(1, 300));
    const std::int8_t zero = dice.code();
    const std::vector<std::int8_t> input = trial % 2 == 0
                                               ? dice.codes(channels * num_pixels)
                                               : dice.sparse_codes(channels * num_pixels, zero);
    const std::vector<std::uint8_t> codes(input.begin(), input.end());
    const auto zero_code = static_cast<std::uint8_t>(zero);
    const CodeRanks ranks = rank_codes(codes.data(), num_pixels, channels, zero_code);
    std::vector<std::set<std::uint8_t>> expected(channels);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::size_t channel = i % channels;
      const std::uint8_t rank = ranks.ranks[i];
      ASSERT_EQ(rank == 0, codes[i] == zero_code);
      if (rank == 0) continue;
      ASSERT_LE(ranks.first[channel] + rank, ranks.first[channel + 1]);
      ASSERT_EQ(ranks.codes[ranks.first[channel] + rank - 1], codes[i]);
      expected[channel].insert(codes[i]);
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const std::vector<std::uint8_t> listed(ranks.codes + ranks.first[channel],
                                             ranks.codes + ranks.first[channel + 1]);
      EXPECT_EQ(listed,
                (std::vector<std::uint8_t>{expected[channel].begin(), expected[channel].end()}));
    }
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table
