#include "deepaxe/hw/cost/paper_latency.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "deepaxe/hw/cost/test_networks.h"

namespace deepaxe::hw::cost {
namespace {

std::optional<std::int64_t> cycles(const model::Int8Model& model, const std::string& multiplier) {
  return PaperLaw(model).cycles(everywhere(model, multiplier));
}

// The paper's printed cycles of its exact networks.
TEST(PaperLatency, GivesThePrintedCyclesOfTheExactNetworks) {
  EXPECT_EQ(cycles(lenet5(), "exact"), 206'504);
  EXPECT_EQ(cycles(alexnet(), "exact"), 20'470'090);
  EXPECT_EQ(cycles(mlp3(), "exact"), 274'740);
}

// 164,864 is the least LeNet-5 latency the paper prints. It is one cycle less per dense product.
TEST(PaperLatency, IsFasterBy1KvpInDenseLayersAlone) {
  EXPECT_EQ(cycles(lenet5(), "1KVP"), 164'864);
  EXPECT_EQ(206'504 - 164'864, 120 * 256 + 84 * 120 + 10 * 84);
  std::vector<const arith::NamedMultiplier*> mixed = everywhere(lenet5(), "exact");
  mixed[0] = mixed[1] = arith::find_multiplier("1KVP").get();
  EXPECT_EQ(PaperLaw(lenet5()).cycles(mixed), 206'504);
}

TEST(PaperLatency, TakesMultipliersByTheirProductsNotByName) {
  EXPECT_EQ(cycles(lenet5(), "bam(1,3)"), cycles(lenet5(), "1KVP"));
  for (const char* name : {"1KV6", "1KV8", "1KV9", "trunc(0)"}) {
    EXPECT_EQ(cycles(lenet5(), name), 206'504) << name;
  }
}

// 12,288 = 8 * 8 * 192 outputs of a middle convolution, one cycle each.
TEST(PaperLatency, OneAlexnetConvolutionIsSlowerUnless1Kvp) {
  std::vector<const arith::NamedMultiplier*> multipliers = everywhere(alexnet(), "exact");
  multipliers[2] = multipliers[3] = arith::find_multiplier("1KVP").get();
  EXPECT_EQ(PaperLaw(alexnet()).cycles(multipliers), 20'470'090 - 12'288);
}

TEST(PaperLatency, IsTheSameWhereTheFirstConvolutionIsStoredAsDepthwise) {
  model::Int8Model model = lenet5();
  const model::Window window = std::get<model::Conv2d>(model.nodes[1].op).window;
  model.nodes[1].op = model::DepthwiseConv2d{.window = window, .depth_multiplier = 6};
  EXPECT_EQ(cycles(model, "exact"), 206'504);
}

TEST(PaperLatency, IsUndefinedForMultipliersThePaperHasNotTried) {
  const auto multipliers = everywhere(lenet5(), "1KVA");
  const PaperLaw law(lenet5());
  EXPECT_EQ(law.cycles(multipliers), std::nullopt);
  EXPECT_EQ(law.source(multipliers),
            "undefined: the paper has no cycles for 1KVA (only exact, 1KV8, 1KV9, 1KVP)");
}

TEST(PaperLatency, IsUndefinedForOtherNetworks) {
  const model::Int8Model wider =
      NetworkBuilder({28, 28, 1}).flatten().dense(300).dense(256).dense(10).build();
  const PaperLaw law(wider);
  EXPECT_EQ(law.cycles(everywhere(wider, "exact")), std::nullopt);
  EXPECT_EQ(law.source(everywhere(wider, "exact")).rfind("undefined", 0), 0U);
}

}  // namespace
}  // namespace deepaxe::hw::cost
