#include "deepaxe/fault/fault_map.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

// Every fault of the space with `pairs` pairs; one of channel 1 of tensor 0 always changes the
// class, in bit 7.
std::vector<FaultCounts> counts_of(const FaultSpace& space, std::int64_t pairs) {
  const std::uint64_t channels = space.tensors()[0].shape.back();
  std::vector<FaultCounts> counts;
  for (std::uint64_t f = 0; f < space.size(); ++f) {
    const Fault fault = space.at(f);
    const bool changes = space.tensor_of(f) == 0 && fault.bit == 7 && fault.element % channels == 1;
    FaultCounts& entry = counts.emplace_back();
    entry.fault = f;
    entry.counts[changes ? Outcome::kHarmful : Outcome::kMasked] = pairs;
  }
  return counts;
}

FaultMaps maps_of(const FaultSpace& space, const std::vector<FaultCounts>& counts) {
  FaultMaps maps(space);
  for (const FaultCounts& entry : counts) maps.add(entry);
  return maps;
}

FaultSpaceParams everything(const model::Int8Model& model) {
  FaultSpaceParams params;
  params.targets = {Target::kActivation,  Target::kWeight,          Target::kBias,
                    Target::kAccumulator, Target::kRequantMantissa, Target::kRequantShift,
                    Target::kMacUnit,     Target::kMultiplierNet};
  params.effects = {Effect::kFlip, Effect::kFlipTwo, Effect::kStuckAt0, Effect::kStuckAt1};
  params.parallel_outputs = 2;
  params.num_nets.assign(model::computing_nodes(model).size(), 3);
  return params;
}

// Every element belongs to one cell of each axis; the axes of all but activations and accumulators,
// whose rows and columns make one axis, are the dimensions.
TEST(FaultMaps, CountEveryPairOnceOnEveryAxisOfEveryTarget) {
  for (const model::Int8Model& model : testing::all_networks(3)) {
    const FaultSpace space(model, everything(model));
    const FaultMaps maps = maps_of(space, counts_of(space, 3));
    for (std::size_t t = 0; t < space.tensors().size(); ++t) {
      const FaultTensor& tensor = space.tensors()[t];
      const std::vector<MapAxis> axes = map_axes(tensor);
      std::size_t dimensions = 0;
      for (std::size_t a = 0; a < axes.size(); ++a) {
        std::int64_t pairs = 0;
        for (const MapCell& cell : maps.cells(t, a)) pairs += cell.pairs;
        EXPECT_EQ(pairs, static_cast<std::int64_t>(tensor.num_faults()) * 3) << tensor.name;
        dimensions += axes[a].last - axes[a].first;
      }
      EXPECT_EQ(dimensions, tensor.shape.size()) << to_string(tensor.target);
    }
  }
}

TEST(FaultMaps, FindTheChannelThatChangesTheClass) {
  const FaultSpace space(testing::chain_network(1));
  const auto cells = maps_of(space, counts_of(space, 30)).cells(0, 0);
  ASSERT_EQ(cells.size(), space.tensors()[0].shape.back());
  for (std::size_t c = 0; c < cells.size(); ++c) {
    EXPECT_DOUBLE_EQ(cells[c].sdc_rate.value_or(-1), c == 1 ? 1.0 / 8 : 0) << c;
  }
}

TEST(FaultMaps, FindTheInputWhoseWeightsChangeTheClass) {
  const model::Int8Model model = testing::chain_network(1);
  const FaultSpace space(model, {.targets = {Target::kWeight}});
  const std::uint64_t inputs = space.tensors()[0].shape.back();
  std::vector<FaultCounts> counts = counts_of(space, 30);
  for (FaultCounts& entry : counts) {
    const bool changes = space.at(entry.fault).element % inputs == inputs - 1;
    entry.counts = {};
    entry.counts[changes ? Outcome::kNeutral : Outcome::kMasked] = 30;
  }
  const std::size_t axis = map_axes(space.tensors()[0]).size() - 1;
  const auto cells = maps_of(space, counts).cells(0, axis);
  ASSERT_EQ(cells.size(), inputs);
  for (std::size_t c = 0; c < cells.size(); ++c) {
    EXPECT_EQ(cells[c].sdc, c + 1 == cells.size() ? cells[c].pairs : 0);
  }
}

TEST(FaultMaps, SayNothingOfTooFewPairsAndOfMissingBits) {
  const FaultSpace space(testing::chain_network(1));
  for (const MapCell& cell : FaultMaps(space).cells(0, 1)) {
    EXPECT_FALSE(cell.sdc_rate.has_value());
    EXPECT_EQ(cell.pairs, 0);
  }
  auto counts = counts_of(space, 30);
  std::erase_if(counts, [&](const FaultCounts& entry) { return space.at(entry.fault).bit == 3; });
  for (const MapCell& cell : maps_of(space, counts).cells(0, 0)) {
    EXPECT_FALSE(cell.sdc_rate.has_value());
  }
}

}  // namespace
}  // namespace deepaxe::fault
