#include "deepaxe/calibrate/bias_correction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "deepaxe/calibrate/test_models.h"
#include "deepaxe/calibrate/weights.h"
#include "deepaxe/engine/float_engine.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr std::size_t kImages = 40;

// Mean of each output channel of each node, image by image with the plain engine.
std::vector<std::vector<double>> means(const model::FloatModel& network) {
  const std::vector<float> images = test_images(kImages);
  std::vector<std::vector<double>> result;
  result.reserve(network.nodes.size());
  for (const model::FloatNode& node : network.nodes) {
    result.emplace_back(at(model::num_channels(node.shape)));
  }
  for (std::size_t image = 0; image < kImages; ++image) {
    const auto tensors = engine::run_float(network, std::span(images).subspan(image * 32, 32));
    for (std::size_t n = 0; n < tensors.size(); ++n) {
      const double per_channel =
          static_cast<double>(tensors[n].size()) / static_cast<double>(result[n].size());
      for (std::size_t i = 0; i < tensors[n].size(); ++i) {
        result[n][i % result[n].size()] += double{tensors[n][i]} / (per_channel * kImages);
      }
    }
  }
  return result;
}

Quantization quantized(bool bias_correction, bool per_tensor) {
  return quantize_with_source(
      test_model(), test_images(kImages),
      {.per_tensor_weights = per_tensor, .bias_correction = bias_correction});
}

class BiasCorrection : public testing::TestWithParam<bool> {};

TEST_P(BiasCorrection, TheMeanOfEachChannelIsWithinHalfAUnitOfTheBias) {
  const Quantization q = quantized(true, GetParam());
  const auto wanted = means(q.source);
  const auto found = means(with_rounded_weights(q));
  for (const int layer : model::computing_nodes(q.model)) {
    const model::Int8Node& node = q.model.nodes[at(layer)];
    const float input_scale = q.model.nodes[at(node.inputs.at(0))].quant.scale;
    const std::size_t source = at(q.layers[at(layer)].computed_by);
    for (std::size_t o = 0; o < wanted[source].size(); ++o) {
      // Sums of floats are themselves rounded.
      const double unit = bias_scale(node, input_scale, o);
      EXPECT_NEAR(found[source][o], wanted[source][o], 0.5 * unit + 1e-6) << node.name;
    }
  }
}

TEST_P(BiasCorrection, WithoutItTheMeansAreFurtherAway) {
  const auto wanted = means(quantized(false, GetParam()).source);
  std::map<bool, double> distance;
  for (const bool corrected : {false, true}) {
    const Quantization q = quantized(corrected, GetParam());
    const auto found = means(with_rounded_weights(q));
    for (const int layer : model::computing_nodes(q.source)) {
      for (std::size_t o = 0; o < wanted[at(layer)].size(); ++o) {
        distance[corrected] += std::abs(found[at(layer)][o] - wanted[at(layer)][o]);
      }
    }
  }
  EXPECT_LT(distance[true], 0.5 * distance[false]);
}

TEST_P(BiasCorrection, OnlyBiasesChange) {
  model::Int8Model corrected = quantized(true, GetParam()).model;
  const model::Int8Model usual = quantized(false, GetParam()).model;
  EXPECT_NE(model::content_key(corrected), model::content_key(usual));
  for (std::size_t i = 0; i < usual.nodes.size(); ++i) {
    corrected.nodes[i].bias = usual.nodes[i].bias;
  }
  EXPECT_EQ(model::content_key(corrected), model::content_key(usual));
}

INSTANTIATE_TEST_SUITE_P(PerTensor, BiasCorrection, testing::Bool());

// Weights that are codes times a power of two already, biases that are codes: nothing is rounded.
TEST(BiasCorrectionExact, ChangesNothingWhereNothingIsRounded) {
  model::FloatModel m{.name = "exact", .nodes = {}, .output = 1};
  m.nodes.push_back(test_node("image", model::Input{}, {}, {4}));
  m.nodes.push_back(test_computing("dense", model::Dense{}, 0, {1}, 4));
  m.nodes[1].weights = {127.0F / 128, -3.0F / 128, 0, 64.0F / 128};
  m.nodes[1].bias = {0};
  const std::vector<float> images{0, 0.25F, 0.5F, 1, 1, 0.5F, 0.75F, 0};
  const auto key = [&](bool correct) {
    return model::content_key(quantize(m, images, {.bias_correction = correct}));
  };
  EXPECT_EQ(key(true), key(false));
}

}  // namespace
}  // namespace deepaxe::calibrate
