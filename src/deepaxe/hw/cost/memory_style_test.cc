#include "deepaxe/hw/cost/memory_style.h"

#include <gtest/gtest.h>

#include "deepaxe/hw/cost/cost.h"
#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

CostReport lenet_cost(MemoryStyle memory, int outputs) {
  const model::Int8Model model = lenet5();
  return estimate_cost(model, everywhere(model, "exact"),
                       {.parallel_outputs = outputs, .memory = memory});
}

TEST(DistributedMemory, TradesAllBlockRamForLuts) {
  const CostReport block = lenet_cost(MemoryStyle::kBlock, 1);
  const CostReport distributed = lenet_cost(MemoryStyle::kDistributed, 1);
  EXPECT_GT(block.total.bram_36kb, 0);
  EXPECT_EQ(distributed.total.bram_36kb, 0);
  EXPECT_EQ(distributed.total.ffs, block.total.ffs);
  EXPECT_EQ(distributed.cycles, block.cycles);
  // All weights as ROMs of 64 bits are the least that can be.
  double weights = 0;
  for (const model::Int8Node& node : lenet5().nodes) {
    weights += static_cast<double>(node.weights.size());
  }
  EXPECT_GT(distributed.total.luts, block.total.luts + weights * 8 / 64);
}

// A bit of up to 64 words is one LUT of ROM, of 256 words four, and from there multiplexers.
TEST(DistributedMemory, OfADenseLayerIsTheSumOfItsMemories) {
  model::Int8Node node;
  node.op = model::Dense{};
  node.weights.resize(3 * 64);
  const double weights = 8 * 3, codes = 8 * 4.0 / 3;
  EXPECT_DOUBLE_EQ(rom_luts(node, 1), weights);
  EXPECT_DOUBLE_EQ(ram_luts(3), codes);
}

TEST(DistributedMemory, LayersWithoutWeightsHaveNoRom) {
  model::Int8Node node;
  node.op = model::Reshape{};
  node.shape = {400};
  EXPECT_EQ(rom_luts(node, 1), 0);
}

}  // namespace
}  // namespace deepaxe::hw::cost
