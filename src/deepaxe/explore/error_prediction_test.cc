#include "deepaxe/explore/error_prediction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "deepaxe/explore/test_models.h"

namespace deepaxe::explore {
namespace {

// Two dense layers on random codes: assumption 1 of the prediction holds for the first.
struct ProfiledNetwork {
  engine::Int8Engine engine;
  test::TestData data;
  NetworkProfile profile;
};

ProfiledNetwork profiled_network(std::size_t num_images) {
  test::ModelBuilder builder(3, {4, 4, 3});
  builder.dense("second", builder.dense("first", builder.flatten("flatten", 0), 8), 5);
  engine::Int8Engine engine(builder.model());
  test::TestData data = test::random_data(builder.model(), num_images, 5);
  NetworkProfile profile = profile_network(engine, data.images, data.labels, 1);
  return {std::move(engine), std::move(data), std::move(profile)};
}

engine::Assignment all(const ProfiledNetwork& network, const std::string& name) {
  return engine::parse_assignment(name, network.engine.model());
}

// Mean over images and channels of (scale * (approximate - exact accumulator))^2 of one layer.
double measured_noise(const ProfiledNetwork& network, int node,
                      const arith::Multiplier& multiplier) {
  const auto& layer = network.engine.computing_layer(node);
  const std::size_t depth = network.engine.node_size(0);
  const std::size_t channels = layer.scales.size();
  std::vector<std::int32_t> exact(channels), approximate(channels);
  const arith::Multiplier* exact_multiplier = &arith::exact_multiplier()->multiplier;
  const arith::Multiplier* approximate_multiplier = &multiplier;
  double sum = 0;
  for (std::size_t image = 0; image < network.data.labels.size(); ++image) {
    const std::int8_t* input = network.data.images.data() + image * depth;
    network.engine.accumulate_node(node, input, {&exact_multiplier, 1}, exact.data());
    network.engine.accumulate_node(node, input, {&approximate_multiplier, 1}, approximate.data());
    for (std::size_t o = 0; o < channels; ++o) {
      const double scale = std::ldexp(layer.scales[o].mantissa, layer.scales[o].shift - 31);
      const double error = scale * (approximate[o] - exact[o]);
      sum += error * error;
    }
  }
  return sum / static_cast<double>(network.data.labels.size() * channels);
}

TEST(ErrorPrediction, OfIndependentActivationsIsTheNoiseMeasured) {
  const ProfiledNetwork network = profiled_network(4000);
  const int node = network.profile.layers.front().node;
  for (const char* name : {"1KVP", "1L2N", "mitchell", "drum(3)", "rad(8)", "loa(6)"}) {
    const engine::Assignment assignment = all(network, name);
    const double predicted =
        predict_error(network.engine, network.profile, assignment).layers.front().output_error;
    const double measured = measured_noise(network, node, assignment.multipliers[0]->multiplier);
    EXPECT_NEAR(predicted, measured, 0.05 * measured) << name;
  }
}

TEST(ErrorPrediction, OfTheExactNetworkIsItsAccuracy) {
  const ProfiledNetwork network = profiled_network(50);
  const ErrorPrediction exact =
      predict_error(network.engine, network.profile, all(network, "exact"));
  EXPECT_EQ(exact.noise_to_signal, 0);
  EXPECT_EQ(exact.accuracy_drop, 0);
  const engine::Evaluation evaluation = engine::evaluate(
      network.engine, all(network, "exact"), network.data.images, network.data.labels, 1);
  EXPECT_EQ(exact.accuracy, static_cast<double>(evaluation.correct) / 50);
}

TEST(ErrorPrediction, GrowsWithTheDroppedColumns) {
  const ProfiledNetwork network = profiled_network(50);
  double previous = 0;
  for (int v = 1; v <= 9; ++v) {
    const ErrorPrediction prediction = predict_error(
        network.engine, network.profile, all(network, "bam(0," + std::to_string(v) + ")"));
    EXPECT_GT(prediction.noise_to_signal, previous) << v;
    previous = prediction.noise_to_signal;
  }
}

TEST(ErrorPrediction, LayersAddUp) {
  const ProfiledNetwork network = profiled_network(50);
  const auto noise = [&](const char* assignment) {
    return predict_error(network.engine, network.profile, all(network, assignment)).noise_to_signal;
  };
  EXPECT_DOUBLE_EQ(noise("roba"), noise("first=roba") + noise("second=roba"));
}

TEST(NetworkProfile, CountsEveryCodeOnceAndIsTheSameForAnyNumberOfThreads) {
  const ProfiledNetwork network = profiled_network(100);
  const NetworkProfile again =
      profile_network(network.engine, network.data.images, network.data.labels, 3);
  for (std::size_t l = 0; l < network.profile.layers.size(); ++l) {
    const LayerProfile& layer = network.profile.layers[l];
    EXPECT_EQ(layer.activations, again.layers[l].activations);
    EXPECT_EQ(layer.output_variance, again.layers[l].output_variance);
    const std::uint64_t inputs = l == 0 ? 100U * 48U : 100U * 8U;
    EXPECT_EQ(std::accumulate(layer.activations.begin(), layer.activations.end(), std::uint64_t{0}),
              inputs);
    EXPECT_EQ(std::accumulate(layer.weights.begin(), layer.weights.end(), std::uint64_t{0}),
              l == 0 ? 8U * 48U : 5U * 8U);
  }
  EXPECT_EQ(network.profile.logits, again.logits);
}

// Two logits: P(label wins) = Phi(margin / (deviation sqrt 2)); huge noise leaves a guess.
TEST(AccuracyUnderNoise, HasItsClosedFormForTwoClassesAndBecomesAGuess) {
  const std::vector<std::int8_t> two = {5, 1};
  const std::vector<int> first = {0};
  EXPECT_NEAR(accuracy_under_noise(two, first, 2), 0.5 * std::erfc(-4.0 / (2 * 2)), 1e-9);
  const std::vector<std::int8_t> five = {100, -20, 30, 7, -128};
  EXPECT_NEAR(accuracy_under_noise(five, first, 1e6), 0.2, 1e-4);
  EXPECT_NEAR(accuracy_under_noise(five, first, 0.1), 1, 1e-8);
}

}  // namespace
}  // namespace deepaxe::explore
