#include "deepaxe/store/blob.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "deepaxe/base/philox.h"

namespace deepaxe::store {
namespace {

std::vector<ClassChange> random_changes(std::uint64_t seed, std::size_t count) {
  const base::CounterRng rng(seed);
  std::vector<ClassChange> changes;
  std::uint64_t pair = 0;
  for (std::size_t i = 0; i < count; ++i) {
    pair += rng.below(std::uint64_t{1} << rng.below(40, i, 1), i);
    changes.push_back({pair, static_cast<Outcome>(2 + i % 3)});
  }
  return changes;
}

TEST(Blob, ChangesReadBackAsWritten) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
    const auto changes = random_changes(7, count);
    EXPECT_EQ(decode_changes(encode_changes(changes)), changes);
  }
}

TEST(Blob, CountsReadBackAsWritten) {
  const std::vector<OutcomeCounts> counts = {{1, 2, 3, 4, 5, 6, 7, 8},
                                             {0, std::int64_t{1} << 62, 127, 128, 0, 0, 0, 1}};
  EXPECT_EQ(decode_counts(encode_counts(counts)), counts);
}

TEST(Blob, EveryTruncationInsideANumberIsRejected) {
  const std::string blob = encode_changes(std::vector<ClassChange>{{1'000'000, Outcome::kNeutral}});
  for (std::size_t size = 1; size < blob.size(); ++size) {
    EXPECT_THROW(decode_changes(blob.substr(0, size)), std::runtime_error) << size;
  }
}

TEST(Blob, CountsCutAtANumberAreRejected) {
  const std::string blob = encode_counts(std::vector<OutcomeCounts>{{1, 2, 3, 4, 5, 6, 7, 8}});
  EXPECT_THROW(decode_counts(blob.substr(0, 7)), std::runtime_error);
}

TEST(Blob, NumbersAndPairsAbove64BitsAreRejected) {
  EXPECT_THROW(decode_changes(std::string(11, '\xFF')), std::runtime_error);
  const std::string largest = std::string(9, '\xFF') + '\x01';
  std::string many;
  for (int i = 0; i < 9; ++i) many += largest;
  EXPECT_THROW(decode_changes(many), std::runtime_error);
}

TEST(Blob, ChangesMustAscend) {
  const std::vector<ClassChange> changes = {{5, Outcome::kHarmful}, {4, Outcome::kHarmful}};
  EXPECT_THROW(encode_changes(changes), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::store
