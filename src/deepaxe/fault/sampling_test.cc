#include "deepaxe/fault/sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

// Sum of (seen - expected)^2 / expected; its mean is the number of cells less one.
double chi_square(const std::vector<double>& seen, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    sum += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
  }
  return sum;
}

constexpr std::uint64_t kDraws = 100'000;

TEST(Permutation, HoldsEveryImageOnceAndDependsOnTheSeed) {
  std::vector<std::uint32_t> order = permutation(1000, 7);
  EXPECT_EQ(order, permutation(1000, 7));
  EXPECT_NE(order, permutation(1000, 8));
  std::sort(order.begin(), order.end());
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
}

// The 0.999 quantile of chi-square with 5 degrees of freedom is 20.5.
TEST(Sampling, HitsTensorsInProportionToTheirSize) {
  const FaultSpace space(testing::lenet5_network(1));
  std::vector<double> seen(6), expected(6);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    ++seen[static_cast<std::size_t>(space.tensor_of(uniform_fault(space.size(), i, 3)))];
  }
  for (std::size_t t = 0; t < 6; ++t) {
    expected[t] = static_cast<double>(kDraws * space.tensors()[t].elements) / 5804;
  }
  EXPECT_LT(chi_square(seen, expected), 20.5);
}

TEST(Sampling, OfThePaperHitsLayersEquallyAndFlattenAgain) {
  const model::Int8Model model = testing::lenet5_network(1);
  const FaultSpace space(model);
  const std::vector<PaperLayer> layers = paper_layers(model, space);
  ASSERT_EQ(layers.size(), 7U);
  EXPECT_EQ(layers[3].tensor, layers[4].tensor);  // Second pool and flatten: one memory.
  std::vector<double> seen(6), expected(6, kDraws / 7.0), bits(8), even(8, kDraws / 8.0);
  expected[3] *= 2;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::uint64_t fault = layer_uniform_fault(layers, space, i, 3);
    ++seen[static_cast<std::size_t>(space.tensor_of(fault))];
    ++bits[static_cast<std::size_t>(space.at(fault).bit)];
  }
  EXPECT_LT(chi_square(seen, expected), 20.5);
  EXPECT_LT(chi_square(bits, even), 24.3);  // 7 degrees of freedom.
}

TEST(Sampling, RechecksTheShareAskedForAndThePairThatIsAlwaysThere) {
  std::uint64_t count = 0;
  for (std::uint64_t pair = 0; pair < kDraws; ++pair) count += RecheckChoice(0.1, 5)(pair);
  EXPECT_NEAR(static_cast<double>(count), 10'000, 400);  // Four standard deviations.
  EXPECT_TRUE(RecheckChoice(1e-12, 5)(0));
  EXPECT_FALSE(RecheckChoice(0, 5)(0));
  EXPECT_TRUE(RecheckChoice(1, 5)(12'345));
}

}  // namespace
}  // namespace deepaxe::fault
