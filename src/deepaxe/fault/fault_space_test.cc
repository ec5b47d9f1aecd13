#include "deepaxe/fault/fault_space.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "deepaxe/fault/plan.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

// Feature maps 24x24x6, 12x12x6, 8x8x16, 4x4x16, 120, 84: flatten is the same memory as the second
// pool, the ten logits are read by no layer.
TEST(FaultSpace, OfLeNet5Has5804StoredElements) {
  const FaultSpace space(testing::lenet5_network(1));
  EXPECT_EQ(space.size(), 46'432U);
  ASSERT_EQ(space.tensors().size(), 6U);
  EXPECT_EQ(space.tensors()[0].elements, 24U * 24 * 6);
  EXPECT_EQ(space.tensors()[3].elements, 256U);
}

TEST(FaultSpace, CountsTheImageOnlyWhenAsked) {
  const model::Int8Model model = testing::lenet5_network(1);
  const FaultSpace space(model, true);
  EXPECT_EQ(space.size(), 46'432U + 28 * 28 * 8);
  EXPECT_EQ(space.at(0), (Fault{Target::kActivation, Effect::kFlip, 0, 0, 0}));
}

TEST(FaultSpace, NumbersEveryFaultOnce) {
  for (const model::Int8Model& model : testing::all_networks(2)) {
    const FaultSpace space(model, true);
    for (std::uint64_t i = 0; i < space.size(); ++i) {
      const Fault fault = space.at(i);
      ASSERT_EQ(space.index_of(fault), i);
      const FaultTensor& tensor = space.tensors()[static_cast<std::size_t>(space.tensor_of(i))];
      ASSERT_EQ(tensor.node, fault.node);
      ASSERT_LT(fault.element, tensor.elements);
    }
  }
}

TEST(FaultSpace, RefusesWhatIsOutside) {
  const FaultSpace space(testing::chain_network(1));
  EXPECT_THROW(space.at(space.size()), std::invalid_argument);
  EXPECT_THROW(space.index_of({Target::kActivation, Effect::kFlip, 0, 0, 0}),
               std::invalid_argument);  // The image was not asked for.
}

// A node that no path leads from to the logits stores values that nobody reads.
TEST(FaultSpace, LeavesOutWhatTheLogitsDoNotDependOn) {
  testing::NetworkBuilder b({4, 4, 1}, 3);
  const int a = b.convolution(0, 2, testing::square_window(2));
  const int unread = b.convolution(a, 2, testing::square_window(2));
  const FaultSpace space(b.finish(b.dense(b.flatten(a), 3, false)));
  ASSERT_EQ(space.tensors().size(), 1U);
  EXPECT_EQ(space.tensors()[0].node, a);
  EXPECT_NE(space.tensors()[0].node, unread);
}

TEST(SamplePlan, OfLeNet5IsThePapers800) {
  const SamplePlan plan = plan_samples(testing::lenet5_network(1));
  EXPECT_EQ(plan.population, 46'432U);
  EXPECT_EQ(plan.paper_population, 46'432U + 256 * 8);
  EXPECT_NEAR(static_cast<double>(plan.paper_rule),
              static_cast<double>(kPaperSamples[1].num_faults), 10);
  EXPECT_LT(plan.leveugle, plan.population);
}

}  // namespace
}  // namespace deepaxe::fault
