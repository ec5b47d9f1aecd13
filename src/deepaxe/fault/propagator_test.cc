// Every way of carrying differences through a node gives what a run of the whole node gives.
#include "deepaxe/fault/propagator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/fault/block_changes.h"
#include "deepaxe/fault/carrying_costs.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/input_reach.h"
#include "deepaxe/fault/pooled_sums.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

constexpr std::optional<Way> kWays[] = {std::nullopt, Way::kSparse, Way::kWindows, Way::kWhole};

struct WideNetwork {
  int first = 0, max_pool = 0, strided = 0, shortcut = 0, sum = 0, total = 0, pool = 0;
  model::Int8Model model;
};

// Channels that fill vector registers, and some that do not.
WideNetwork wide_network(std::uint64_t seed) {
  testing::NetworkBuilder b({9, 9, 3}, seed);
  WideNetwork network;
  network.first = b.convolution(0, 24, b.same(0, 3));
  network.max_pool =
      b.plain(model::Pool{model::PoolKind::kMax, b.same(network.first, 2, 2)}, {network.first});
  network.strided = b.convolution(network.first, 40, b.same(network.first, 3, 2), 1, false);
  network.shortcut = b.convolution(network.first, 40, b.same(network.first, 1, 2), 1, false);
  network.sum = b.plain(model::Arithmetic{}, {network.strided, network.shortcut});
  const int pooled = b.convolution(network.max_pool, 40, b.same(network.max_pool, 1));
  network.total = b.plain(model::Arithmetic{}, {network.sum, pooled});
  network.pool =
      b.plain(model::Pool{model::PoolKind::kAverage, testing::square_window(5)}, {network.total});
  network.model = b.finish(b.dense(b.flatten(network.pool), 5, false));
  return network;
}

class PropagatorsOfAWideNetwork : public ::testing::Test {
 protected:
  PropagatorsOfAWideNetwork() : network_(wide_network(5)), engine_(network_.model) { load(exact_); }

  // The golden run with one multiplier everywhere.
  void load(const arith::Multiplier& multiplier) {
    const LayerMultipliers multipliers(model::computing_nodes(network_.model).size(),
                                       {&multiplier});
    const DifferenceSimulator simulator(engine_, multipliers);
    state_ = simulator.make_state();
    simulator.load_image(testing::random_images(network_.model, 1, 3), 0, state_);
  }

  NodeContext context(int node, std::vector<int> roots) const {
    return {&engine_, node, std::move(roots), {&exact_}};
  }

  TensorState& tensor(int node) { return state_.tensors[static_cast<std::size_t>(node)]; }

  // `count` elements of a tensor, of few pixels where `is_near`.
  void change(int node, std::size_t count, bool is_near, std::uint64_t stream) {
    TensorState& changed = tensor(node);
    changed.restore();
    const base::CounterRng rng(7, stream);
    const std::size_t range =
        is_near ? std::min(changed.golden.size(), 3 * count) : changed.golden.size();
    for (std::uint64_t i = 0; changed.changed.size() < count; ++i) {
      const auto element = static_cast<std::uint32_t>(rng.below(range, i, 0));
      const auto code = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i, 1)) - 128);
      if (changed.faulty[element] != changed.golden[element]) continue;
      if (code != changed.golden[element]) changed.set(element, code);
    }
  }

  // The node's faulty tensor after, which is golden again.
  template <typename Propagate>
  std::vector<std::int8_t> result_of(int node, const Propagate& propagate) {
    TensorState& output = tensor(node);
    propagate(state_);
    expect_changes_are_listed(output);
    std::vector<std::int8_t> faulty = output.faulty;
    output.restore();
    EXPECT_EQ(output.faulty, output.golden);
    return faulty;
  }

  static void expect_changes_are_listed(const TensorState& output) {
    std::vector<std::uint32_t> expected, found = output.changed;
    for (std::uint32_t e = 0; e < output.golden.size(); ++e) {
      if (output.faulty[e] != output.golden[e]) expected.push_back(e);
    }
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
    if (output.changed_pixels.empty()) return;
    std::vector<std::uint32_t> pixels = output.changed_pixels, expected_pixels;
    std::sort(pixels.begin(), pixels.end());
    for (const std::uint32_t e : expected) {
      const std::uint32_t first = e - e % output.pixel_size;
      if (expected_pixels.empty() || expected_pixels.back() != first) {
        expected_pixels.push_back(first);
      }
    }
    ASSERT_EQ(pixels, expected_pixels);
  }

  // As a node that lists them leaves them.
  void list_pixels(int node, std::uint32_t pixel_size) {
    list_changed_pixels(std::array<const TensorState*, 1>{&tensor(node)}, pixel_size, state_);
    tensor(node).changed_pixels = state_.pixels;
    tensor(node).pixel_size = pixel_size;
  }

  WideNetwork network_;
  engine::Int8Engine engine_;
  const arith::Multiplier exact_ = arith::Multiplier::exact();
  ImageState state_;
};

TEST_F(PropagatorsOfAWideNetwork, CarryThroughConvolutionsEveryWayAlike) {
  const arith::Multiplier noisy = testing::noisy_multiplier(4);
  const arith::Multiplier& several_terms = arith::find_multiplier("1KVP")->multiplier;
  const arith::Multiplier& beyond_bytes = arith::find_multiplier("rad(8)")->multiplier;
  std::uint64_t stream = 0;
  for (const arith::Multiplier* multiplier : {&exact_, &several_terms, &beyond_bytes, &noisy}) {
    load(*multiplier);
    for (const int node : {network_.strided, network_.shortcut}) {
      const auto computing = std::make_shared<const ComputingNode>(
          NodeContext{&engine_, node, {network_.first}, {multiplier}});
      const auto reach = std::make_shared<const InputReach>(*computing);
      const auto whole = make_dense_propagator(computing->context());
      for (const std::size_t count : {1U, 2U, 5U, 20U, 80U, 400U}) {
        for (const bool is_near : {true, false}) {
          change(network_.first, count, is_near, ++stream);
          if (stream % 2 == 0) list_pixels(network_.first, 24);
          const auto expected = result_of(node, [&](auto& s) { whole->propagate(s); });
          for (const std::optional<Way> way : kWays) {
            const auto propagator = make_computing_propagator(computing, reach, nullptr, way);
            EXPECT_EQ(result_of(node, [&](auto& s) { propagator->propagate(s); }), expected)
                << count;
          }
          tensor(network_.first).restore();
        }
      }
    }
  }
}

// Whatever the way, the pool gets the differences and the layer's own tensor stays golden.
TEST_F(PropagatorsOfAWideNetwork, CarryThroughAPooledConvolutionEveryWayAlike) {
  load(exact_);
  const NodeContext pool = context(network_.max_pool, {network_.first});
  const auto computing = std::make_shared<const ComputingNode>(context(network_.first, {0}));
  const auto reach = std::make_shared<const InputReach>(*computing);
  const std::shared_ptr<const PooledSums> pooled = PooledSums::make(*computing, pool);
  ASSERT_NE(pooled, nullptr);
  const auto whole = make_dense_propagator(computing->context());
  const auto whole_pool = make_dense_propagator(pool);
  std::uint64_t stream = 200;
  for (const std::size_t count : {1U, 4U, 30U, 150U}) {
    change(0, count, true, ++stream);
    const auto expected = result_of(network_.max_pool, [&](auto& s) {
      whole->propagate(s);
      whole_pool->propagate(s);
      tensor(network_.first).restore();
    });
    for (const std::optional<Way> way : kWays) {
      const auto propagator = make_computing_propagator(computing, reach, pooled, way);
      EXPECT_EQ(propagator->node_written_instead(), network_.max_pool);
      EXPECT_EQ(result_of(network_.max_pool, [&](auto& s) { propagator->propagate(s); }), expected)
          << count;
      EXPECT_TRUE(tensor(network_.first).changed.empty());
      EXPECT_EQ(tensor(network_.first).faulty, tensor(network_.first).golden);
    }
  }
}

TEST_F(PropagatorsOfAWideNetwork, CarryThroughASumAndAnAveragePool) {
  const auto sum = make_propagator(context(network_.sum, {network_.strided, network_.shortcut}));
  const auto whole_sum =
      make_dense_propagator(context(network_.sum, {network_.strided, network_.shortcut}));
  const auto pool = make_propagator(context(network_.pool, {network_.total}));
  const auto whole_pool = make_dense_propagator(context(network_.pool, {network_.total}));
  std::uint64_t stream = 100;
  for (const std::size_t count : {1U, 3U, 8U, 60U, 500U}) {
    for (const bool is_near : {true, false}) {
      change(network_.strided, count, is_near, ++stream);
      change(network_.shortcut, (count + 1) / 2, is_near, ++stream);
      if (is_near) list_pixels(network_.strided, 40);
      const auto expected = result_of(network_.sum, [&](auto& s) { whole_sum->propagate(s); });
      EXPECT_EQ(result_of(network_.sum, [&](auto& s) { sum->propagate(s); }), expected) << count;
      change(network_.total, count, is_near, ++stream);
      const auto pooled = result_of(network_.pool, [&](auto& s) { whole_pool->propagate(s); });
      EXPECT_EQ(result_of(network_.pool, [&](auto& s) { pool->propagate(s); }), pooled) << count;
      tensor(network_.total).restore();
    }
  }
}

TEST_F(PropagatorsOfAWideNetwork, NeverRunAtPositionsWithoutSuchKernels) {
  const ComputingNode node(context(network_.strided, {network_.first}));
  const InputReach reach(node);
  const CarryingCosts costs(node, reach, nullptr, false);
  EXPECT_EQ(costs.windows(1), std::numeric_limits<double>::infinity());
  EXPECT_GT(costs.whole(), 0);
  EXPECT_LT(costs.whole(), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace deepaxe::fault
