#include "deepaxe/fault/fault_map.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

// Every fault of the space with `pairs` pairs; one of channel 1 of tensor 0 always changes the
// class.
std::vector<FaultCounts> counts_of(const FaultSpace& space, std::int64_t pairs, int channels) {
  std::vector<FaultCounts> counts;
  for (std::uint64_t f = 0; f < space.size(); ++f) {
    const Fault fault = space.at(f);
    const bool changes = space.tensor_of(f) == 0 && fault.bit == 7 &&
                         static_cast<int>(fault.element) % channels == 1;
    FaultCounts& entry = counts.emplace_back();
    entry.fault = f;
    entry.counts[changes ? Outcome::kHarmful : Outcome::kMasked] = pairs;
  }
  return counts;
}

class FaultMapTest : public ::testing::Test {
 protected:
  FaultMapTest() : model_(testing::chain_network(1)), space_(model_) {
    shape_ = model_.nodes[static_cast<std::size_t>(space_.tensors()[0].node)].shape;
  }
  model::Int8Model model_;
  FaultSpace space_;
  model::Shape shape_;
};

TEST_F(FaultMapTest, CountsEveryPairOfTheTensorOnceOnEachAxis) {
  const int channels = model::num_channels(shape_);
  const auto counts = counts_of(space_, 3, channels);
  for (const MapAxis axis : {MapAxis::kChannel, MapAxis::kPosition}) {
    std::int64_t pairs = 0, sdc = 0;
    for (const MapCell& cell : fault_map(counts, space_, 0, shape_, axis)) {
      pairs += cell.pairs;
      sdc += cell.sdc;
    }
    const auto elements = static_cast<std::int64_t>(space_.tensors()[0].elements);
    EXPECT_EQ(pairs, elements * 8 * 3);
    EXPECT_EQ(sdc, elements / channels * 3);
  }
}

TEST_F(FaultMapTest, FindsTheChannelThatChangesTheClass) {
  const int channels = model::num_channels(shape_);
  const auto cells =
      fault_map(counts_of(space_, 30, channels), space_, 0, shape_, MapAxis::kChannel);
  ASSERT_EQ(cells.size(), static_cast<std::size_t>(channels));
  for (std::size_t c = 0; c < cells.size(); ++c) {
    EXPECT_DOUBLE_EQ(cells[c].sdc_rate.value_or(-1), c == 1 ? 1.0 / 8 : 0) << c;
  }
}

TEST_F(FaultMapTest, SaysNothingOfTooFewPairsAndOfMissingBits) {
  const int channels = model::num_channels(shape_);
  auto counts = counts_of(space_, 1, channels);  // 8 pairs for each position and channel.
  for (const MapCell& cell : fault_map({}, space_, 0, shape_, MapAxis::kPosition)) {
    EXPECT_FALSE(cell.sdc_rate.has_value());
    EXPECT_EQ(cell.pairs, 0);
  }
  std::erase_if(counts, [&](const FaultCounts& entry) { return space_.at(entry.fault).bit == 3; });
  for (const MapCell& cell : fault_map(counts, space_, 0, shape_, MapAxis::kChannel)) {
    EXPECT_FALSE(cell.sdc_rate.has_value());
  }
}

TEST(MeanRate, WeighsBitsEquallyHoweverTheyWereSampled) {
  std::vector<OutcomeCounts> bits(8);
  for (OutcomeCounts& counts : bits) counts[Outcome::kMasked] = 10;
  bits[7] = {};
  bits[7][Outcome::kNeutral] = 1'000;
  EXPECT_DOUBLE_EQ(mean_rate(bits).value_or(-1), 1.0 / 8);
  EXPECT_FALSE(rate_if_known(bits[0]).has_value());
  EXPECT_DOUBLE_EQ(rate_if_known(bits[7]).value_or(-1), 1);
}

}  // namespace
}  // namespace deepaxe::fault
