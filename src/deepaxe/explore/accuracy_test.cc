#include "deepaxe/explore/accuracy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "deepaxe/base/interrupt.h"
#include "deepaxe/explore/test_models.h"

namespace deepaxe::explore {
namespace {

DesignSpace mixed_space(const model::Int8Model& model) {
  DesignSpaceParams params;
  params.multipliers = {arith::find_multiplier("1KVP"), arith::find_multiplier("trunc(4)")};
  params.mixed = true;
  return make_design_space(model, params);
}

class AccuracyOf : public ::testing::TestWithParam<bool> {
 protected:
  AccuracyOf()
      : model_(GetParam() ? test::residual_model(5) : test::chain_model(5)),
        engine_(model_),
        space_(mixed_space(model_)),
        order_(depth_first_order(space_.designs)),
        data_(test::random_data(model_, 21, engine_.num_classes())) {}

  AccuracyStats count(const std::vector<std::size_t>& order, int threads, int batch) const {
    return count_correct(engine_, space_, order, data_.images, data_.labels,
                         {.num_threads = threads, .batch = batch, .progress = {}});
  }

  model::Int8Model model_;
  engine::Int8Engine engine_;
  DesignSpace space_;
  std::vector<std::size_t> order_;
  test::TestData data_;
};

TEST_P(AccuracyOf, EveryDesignEqualsItsOwnEvaluation) {
  const AccuracyStats stats = count(order_, 2, 8);
  std::set<std::int64_t> distinct;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const engine::Evaluation alone = engine::evaluate(
        engine_, space_.assignment(space_.designs[order_[i]]), data_.images, data_.labels, 1);
    ASSERT_EQ(stats.correct[i], alone.correct) << i;
    distinct.insert(alone.correct);
  }
  EXPECT_GT(distinct.size(), 1u);  // The designs differ, or the test says nothing.
}

TEST_P(AccuracyOf, OrderThreadsAndBatchChangeNothing) {
  const AccuracyStats expected = count(order_, 1, 32);
  std::vector<std::size_t> reversed(order_.rbegin(), order_.rend());
  AccuracyStats other = count(reversed, 3, 1);
  std::reverse(other.correct.begin(), other.correct.end());
  EXPECT_EQ(other.correct, expected.correct);
  EXPECT_EQ(count(order_, 2, 5).correct, expected.correct);
}

INSTANTIATE_TEST_SUITE_P(ChainAndResidual, AccuracyOf, ::testing::Bool());

// In a chain, a computing layer is computed once for each distinct prefix that ends with it: in
// the mixed space of 3 choices, 3^(l + 1) times for layer l; what follows it up to the next
// computing layer as often.
TEST(Accuracy, CommonPrefixesAreComputedOnce) {
  const model::Int8Model model = test::chain_model(5);
  const engine::Int8Engine engine(model);
  const DesignSpace space = mixed_space(model);
  const test::TestData data = test::random_data(model, 4, engine.num_classes());
  const AccuracyStats stats =
      count_correct(engine, space, depth_first_order(space.designs), data.images, data.labels,
                    {.num_threads = 1, .batch = 1, .progress = {}});
  // conv1 and pool1; conv2 and flatten; dense1; dense2.
  EXPECT_EQ(stats.node_images, 4u * (2 * 3 + 2 * 9 + 27 + 81));
}

TEST(Accuracy, StopsWhenInterrupted) {
  const model::Int8Model model = test::chain_model(5);
  const engine::Int8Engine engine(model);
  const DesignSpace space = mixed_space(model);
  const test::TestData data = test::random_data(model, 4, engine.num_classes());
  AccuracyParams params;
  params.progress = [](std::uint64_t) { base::request_interrupt(); };
  EXPECT_THROW(count_correct(engine, space, depth_first_order(space.designs), data.images,
                             data.labels, params),
               base::Interrupted);
  base::clear_interrupt();
}

TEST(Accuracy, RejectsImagesAndLabelsOfDifferentNumber) {
  const model::Int8Model model = test::chain_model(5);
  const engine::Int8Engine engine(model);
  const DesignSpace space = mixed_space(model);
  test::TestData data = test::random_data(model, 4, engine.num_classes());
  data.labels.pop_back();
  EXPECT_THROW(
      count_correct(engine, space, depth_first_order(space.designs), data.images, data.labels, {}),
      std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::explore
