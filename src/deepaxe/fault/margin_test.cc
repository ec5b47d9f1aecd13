#include "deepaxe/fault/margin.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "deepaxe/base/philox.h"
#include "deepaxe/fault/brute_force_for_test.h"
#include "deepaxe/fault/campaign.h"
#include "deepaxe/fault/difference.h"
#include "deepaxe/fault/test_network.h"

namespace deepaxe::fault {
namespace {

TEST(Margin, IsTheDistanceToTheLargestOfTheOthers) {
  const std::vector<std::int8_t> logits = {-128, 5, 127, 5};
  EXPECT_EQ(margin_of(logits, 2), 122);
  EXPECT_EQ(margin_of(logits, 1), -122);
  EXPECT_EQ(margin_of(logits, 0), -255);
  EXPECT_EQ(margin_of(std::vector<std::int8_t>{7}, 0), 0);
}

// By whole runs of the reference engine: every fault, every image.
struct Brute {
  std::int64_t loss = 0, golden = 0, pairs = 0;
  std::vector<LossSums> rows;
};

Brute brute_force(const model::Int8Model& model, const engine::Assignment& assignment,
                  const std::vector<std::int8_t>& images, std::size_t num_images) {
  const testing::BruteForce brute(model, layer_multipliers(assignment));
  const FaultSpace space(model);
  const std::size_t size = images.size() / num_images;
  Brute result;
  result.rows.resize(space.num_rows());
  for (std::size_t i = 0; i < num_images; ++i) {
    const auto image = std::span(images).subspan(i * size, size);
    const std::vector<std::int8_t> golden = brute.logits(image, nullptr);
    const int golden_class = engine::argmax(golden);
    result.golden += margin_of(golden, golden_class);
    for (std::uint64_t f = 0; f < space.size(); ++f) {
      const Fault fault = space.at(f);
      const int loss =
          margin_of(golden, golden_class) - margin_of(brute.logits(image, &fault), golden_class);
      const auto tensor = static_cast<std::size_t>(space.tensor_of(f));
      result.rows[space.tensors()[tensor].first_row + static_cast<std::size_t>(fault.bit)].add(
          loss);
      result.loss += loss;
      ++result.pairs;
    }
  }
  return result;
}

TEST(MarginLoss, OfACensusIsThatOfWholeRunsOfTheReference) {
  constexpr std::size_t kImages = 3;
  for (const model::Int8Model& model :
       {testing::chain_network(2), testing::residual_network(3), testing::branch_network(1)}) {
    const engine::Int8Engine engine(model);
    const engine::Assignment assignment = testing::noisy_assignment(model, 1);
    const std::vector<std::int8_t> images = testing::random_images(model, kImages, 2);
    const Brute truth = brute_force(model, assignment, images, kImages);
    CampaignParams params;
    params.sampling = Sampling::kCensus;
    params.measure_margin = true;
    params.recheck_fraction = 0.01;
    std::int64_t by_fault = 0;
    params.on_fault = [&by_fault](const FaultCounts& fault) { by_fault += fault.margin_loss; };
    const std::vector<int> labels(kImages, 0);
    const CampaignResult result = run_campaign(engine, assignment, images, labels, params);
    ASSERT_TRUE(result.margin_loss.has_value());
    const MarginLoss measured = result.margin_loss.value_or(MarginLoss{});
    EXPECT_EQ(measured.by_stratum, truth.rows);
    EXPECT_EQ(measured.golden_margins, truth.golden);
    EXPECT_EQ(by_fault, truth.loss);
    EXPECT_DOUBLE_EQ(measured.loss.value,
                     static_cast<double>(truth.loss) / static_cast<double>(truth.pairs));
    EXPECT_EQ(measured.loss.interval.half_width(), 0);
  }
}

// Campaigns of a network whose mean loss a census knows.
TEST(MarginLoss, IsCoveredByTheIntervalsOfSamples) {
  const model::Int8Model model = testing::chain_network(5);
  const engine::Int8Engine engine(model);
  const engine::Assignment assignment = testing::noisy_assignment(model, 1);
  const std::vector<std::int8_t> images = testing::random_images(model, 12, 2);
  const std::vector<int> labels(12, 0);
  CampaignParams params;
  params.num_threads = 1;
  params.measure_margin = true;
  params.recheck_fraction = 0;
  params.max_pairs = 5'000;
  params.num_faults = 200;
  params.target_sdc_relative = params.target_vulnerability = 0;
  params.sampling = Sampling::kCensus;
  const auto mean_of = [](const CampaignResult& result) {
    return result.margin_loss.value_or(MarginLoss{}).loss;
  };
  const double truth = mean_of(run_campaign(engine, assignment, images, labels, params)).value;
  for (const Sampling sampling :
       {Sampling::kUniformPairs, Sampling::kStratified, Sampling::kCommonFaults}) {
    params.sampling = sampling;
    int covered = 0;
    for (params.seed = 1; params.seed <= 200; ++params.seed) {
      covered += mean_of(run_campaign(engine, assignment, images, labels, params))
                     .interval.contains(truth);
    }
    EXPECT_GE(covered, 180);
  }
}

// 1 in `rarity` pairs loses a size of an exponential law: the few large ones make the mean.
TEST(MeanLoss, CoversSkewedLosses) {
  for (const double rarity : {3.0, 30.0, 300.0}) {
    const auto size_at = [](std::uint64_t word) {
      return 1 + static_cast<int>(-40 * std::log((static_cast<double>(word) + 0.5) * 0x1p-64));
    };
    double mean_size = 0;  // Of the law as it is drawn: truncated to whole codes.
    for (int k = 0; k < 2'000; ++k) mean_size += std::exp(-k / 40.0);
    int covered = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const base::CounterRng rng(seed, 5);
      LossSums losses;
      for (std::uint64_t pair = 0; pair < 3'000; ++pair) {
        const auto word = rng.below(~std::uint64_t{0}, 2 * pair);
        if (static_cast<double>(word) * 0x1p-64 * rarity >= 1) continue;
        losses.add(size_at(rng.below(~std::uint64_t{0}, 2 * pair + 1)));
      }
      const StratumSample sample =
          loss_sample(losses, 3'000, 1, std::numeric_limits<double>::infinity());
      covered +=
          mean_loss(std::span(&sample, 1), losses.largest).interval.contains(mean_size / rarity);
    }
    EXPECT_GE(covered, 368) << rarity;  // 92 %; 95 % less three standard deviations.
  }
}

TEST(MeanLoss, WithoutAnyLossAllowsForTheLargest) {
  const StratumSample none = loss_sample({}, 1'000, 1, std::numeric_limits<double>::infinity());
  const Estimate estimate = mean_loss(std::span(&none, 1), 0);
  EXPECT_EQ(estimate.value, 0);
  EXPECT_GT(estimate.interval.high, kMostLoss * 1e-3);
  EXPECT_LT(estimate.interval.high, kMostLoss * 1e-2);
}

TEST(MeanLoss, ScalesWithTheLosses) {
  LossSums ones, tens;
  for (const int loss : {1, 1, -1, 2, 5}) ones.add(loss), tens.add(10 * loss);
  const auto of = [](const LossSums& losses) {
    const StratumSample sample = loss_sample(losses, 500, 1, 1e9);
    return mean_loss(std::span(&sample, 1), losses.largest);
  };
  EXPECT_NEAR(of(tens).value, 10 * of(ones).value, 1e-12);
  EXPECT_NEAR(of(tens).interval.low, 10 * of(ones).interval.low, 1e-9);
  EXPECT_NEAR(of(tens).interval.high, 10 * of(ones).interval.high, 1e-9);
}

}  // namespace
}  // namespace deepaxe::fault
