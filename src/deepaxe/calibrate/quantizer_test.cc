#include "deepaxe/calibrate/quantizer.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/test_models.h"

namespace deepaxe::calibrate {
namespace {

const model::Int8Node& find(const model::Int8Model& m, const std::string& name) {
  for (const model::Int8Node& node : m.nodes) {
    if (node.name == name) return node;
  }
  throw std::invalid_argument("no layer " + name);
}

TEST(Quantizer, AReluBehindAConvolutionIsFused) {
  const model::Int8Model m = quantize(test_model(), test_images(10));
  EXPECT_EQ(m.nodes.size(), 9U);
  const model::Int8Node& conv = find(m, "conv");
  EXPECT_EQ(conv.activation.kind, model::ActivationKind::kRelu);
  EXPECT_EQ(conv.clamp_low, conv.quant.zero_point);
}

TEST(Quantizer, AReluIsNotFusedWhereOthersReadItsInput) {
  model::FloatModel source = test_model();
  source.nodes[3].inputs = {1};  // The pool now reads the convolution, as the ReLU does.
  const model::Int8Model m = quantize(source, test_images(10));
  EXPECT_EQ(find(m, "conv").activation.kind, model::ActivationKind::kNone);
  EXPECT_EQ(find(m, "conv/relu").clamp_low, find(m, "conv/relu").quant.zero_point);
}

TEST(Quantizer, LayersThatDoNotRescaleShareTheirQuantization) {
  const model::Int8Model m = quantize(test_model(), test_images(10));
  for (const char* name : {"pool", "point", "join", "flatten"}) {
    EXPECT_EQ(find(m, name).quant, find(m, "conv").quant) << name;
  }
  EXPECT_NE(find(m, "dense").quant, find(m, "conv").quant);
}

constexpr RangeMethod kMethods[] = {RangeMethod::kMinMax, RangeMethod::kPercentile,
                                    RangeMethod::kMse};

TEST(Quantizer, SymmetricMeansZeroPointZeroEverywhere) {
  for (const RangeMethod method : kMethods) {
    const QuantizeParams params{.symmetric_activations = true, .ranges = {.method = method}};
    for (const model::Int8Node& node : quantize(test_model(), test_images(10), params).nodes) {
      const bool fixed = std::holds_alternative<model::Softmax>(node.op);
      EXPECT_EQ(node.quant.zero_point, fixed ? -128 : 0);
    }
  }
}

TEST(Quantizer, PercentileHundredIsMinMax) {
  const QuantizeParams all{.ranges = {.method = RangeMethod::kPercentile, .percentile = 100}};
  EXPECT_EQ(model::content_key(quantize(test_model(), test_images(10), all)),
            model::content_key(quantize(test_model(), test_images(10))));
}

TEST(Quantizer, NoMethodWidensAScale) {
  const model::Int8Model usual = quantize(test_model(), test_images(40));
  for (const RangeMethod method : {RangeMethod::kPercentile, RangeMethod::kMse}) {
    const QuantizeParams params{.ranges = {.method = method, .percentile = 90}};
    const model::Int8Model m = quantize(test_model(), test_images(40), params);
    for (std::size_t i = 0; i < m.nodes.size(); ++i) {
      EXPECT_LE(m.nodes[i].quant.scale, usual.nodes[i].quant.scale) << m.nodes[i].name;
    }
    EXPECT_NE(model::content_key(m), model::content_key(usual));
  }
}

TEST(Quantizer, SoftmaxHasTheParamsThatTfliteFixes) {
  const model::Int8Model m = quantize(test_model(), test_images(10));
  EXPECT_EQ(m.nodes.back().quant, (quant::QuantParams{1.0F / 256, -128}));
}

TEST(Quantizer, ThreadsDoNotChangeTheModel) {
  const std::vector<float> images = test_images(33);
  for (const RangeMethod method : kMethods) {
    QuantizeParams params{.ranges = {.method = method}, .bias_correction = true, .num_threads = 1};
    const std::string one = model::content_key(quantize(test_model(), images, params));
    params.num_threads = 3;
    EXPECT_EQ(model::content_key(quantize(test_model(), images, params)), one);
  }
}

TEST(Quantizer, RoundingIsSingleWhereAsked) {
  const model::Int8Model as_litert = quantize(test_model(), test_images(10));
  EXPECT_EQ(find(as_litert, "conv").rounding, quant::Rounding::kDouble);
  EXPECT_EQ(find(as_litert, "dense").rounding, quant::Rounding::kSingle);
  const model::Int8Model single =
      quantize(test_model(), test_images(10), {.rounding = RoundingRule::kSingle});
  EXPECT_EQ(find(single, "conv").rounding, quant::Rounding::kSingle);
}

TEST(Quantizer, EveryNodeKnowsItsSource) {
  const Quantization q = quantize_with_source(test_model(), test_images(10));
  ASSERT_EQ(q.layers.size(), q.model.nodes.size());
  for (std::size_t i = 0; i < q.layers.size(); ++i) {
    const LayerStats& layer = q.layers[i];
    EXPECT_EQ(layer.name, q.model.nodes[i].name);
    EXPECT_EQ(layer.quant, q.model.nodes[i].quant);
    EXPECT_EQ(q.source.nodes.at(static_cast<std::size_t>(layer.computed_by)).name, layer.name);
    const std::string stored = q.source.nodes.at(static_cast<std::size_t>(layer.stored_as)).name;
    EXPECT_EQ(stored, layer.name == "conv" ? "conv/relu" : layer.name);
  }
}

TEST(Quantizer, ANetworkOfZerosIsValid) {
  model::FloatModel source = test_model();
  for (model::FloatNode& node : source.nodes) {
    node.weights.assign(node.weights.size(), 0);
    node.bias.assign(node.bias.size(), 0);
  }
  const model::Int8Model m = quantize(source, std::vector<float>(32));
  for (const model::Int8Node& node : m.nodes) EXPECT_GT(node.quant.scale, 0);
}

TEST(Quantizer, AMaximumBelowTheRangeOfASharedTensorIsRefused) {
  model::FloatModel source = test_model();
  source.nodes[2].op = model::Activate{
      .activation = {.kind = model::ActivationKind::kRelu, .max_value = 0.01F, .has_max = true}};
  EXPECT_THROW(quantize(source, test_images(10)), base::InputError);
  source.nodes[2].op = model::Activate{
      .activation = {.kind = model::ActivationKind::kRelu, .max_value = 1e3F, .has_max = true}};
  EXPECT_NO_THROW(quantize(source, test_images(10)));
}

TEST(Quantizer, WeightsThatAreNotFiniteAreRefusedByName) {
  model::FloatModel source = test_model();
  source.nodes[7].weights[3] = std::numeric_limits<float>::infinity();
  try {
    quantize(source, test_images(1));
    FAIL() << "accepted an infinite weight";
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("layer dense"), std::string::npos);
  }
}

TEST(Quantizer, ImagesMustBeThereAndWhole) {
  EXPECT_THROW(quantize(test_model(), {}), std::invalid_argument);
  EXPECT_THROW(quantize(test_model(), std::vector<float>(33)), std::invalid_argument);
}

}  // namespace
}  // namespace deepaxe::calibrate
