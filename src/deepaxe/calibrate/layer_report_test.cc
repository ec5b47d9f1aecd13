#include "deepaxe/calibrate/layer_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "deepaxe/calibrate/test_models.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr std::size_t kImages = 19;

std::vector<std::int8_t> input_codes(const Quantization& q, const std::vector<float>& images) {
  std::vector<std::int8_t> codes(images.size());
  std::transform(images.begin(), images.end(), codes.begin(),
                 [&](float real) { return quant::quantize(real, q.model.nodes.front().quant); });
  return codes;
}

using Report = std::vector<std::optional<LayerQuality>>;

// Of a layer that has figures.
LayerQuality quality_of(const Report& report, std::size_t node) {
  EXPECT_TRUE(report.at(node).has_value());
  return report.at(node).value_or(LayerQuality{});
}

constexpr AccumulatorRange kNothing{std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min()};

AccumulatorRange with(const AccumulatorRange& range, std::int64_t sum) {
  return {std::min(range.low, sum), std::max(range.high, sum)};
}

// Sums of one image's layer, by the reference kernels.
std::vector<std::int32_t> sums_of(const engine::Int8Engine& engine, int node,
                                  const std::int8_t* codes) {
  const auto assignment = engine::exact_assignment(engine.model());
  const auto* exact = &assignment.multipliers.at(0)->multiplier;
  std::vector<std::int32_t> sums(engine.node_size(node));
  engine.accumulate_node(node, codes, {&exact, 1}, sums.data());
  return sums;
}

TEST(AccumulatorRange, BitsAreThoseOfTheNarrowestRegister) {
  for (int bits = 1; bits < 63; ++bits) {
    const std::int64_t half = std::int64_t{1} << (bits - 1);
    EXPECT_EQ((AccumulatorRange{-half, half - 1}).num_bits(), bits);
    EXPECT_EQ((AccumulatorRange{-half - 1, 0}).num_bits(), bits + 1);
    EXPECT_EQ((AccumulatorRange{0, half}).num_bits(), bits + 1);
  }
}

TEST(LayerReport, TheRangesHoldEverySumSeen) {
  const std::vector<float> images = test_images(kImages);
  const Quantization q = quantize_with_source(test_model(), images);
  const Report report = measure_layers(q, images, 1);
  const engine::Int8Engine engine(q.model, engine::KernelKind::kReference);
  const auto tensors =
      engine.run_all(engine::exact_assignment(q.model), kImages, input_codes(q, images));
  for (const int node : model::computing_nodes(q.model)) {
    const int input = q.model.nodes[at(node)].inputs.at(0);
    AccumulatorRange seen = kNothing;
    for (std::size_t image = 0; image < kImages; ++image) {
      const std::int8_t* codes = &tensors[at(input)][image * engine.node_size(input)];
      for (const std::int32_t sum : sums_of(engine, node, codes)) seen = with(seen, sum);
    }
    const LayerQuality quality = quality_of(report, at(node));
    EXPECT_EQ(quality.measured, seen);
    const AccumulatorRange bound = quality.worst_case.value_or(kNothing);
    EXPECT_EQ(with(with(bound, seen.low), seen.high), bound);
  }
}

// Codes chosen against the weights' signs reach both bounds of the worst channel.
TEST(LayerReport, TheWorstCaseIsReachedBySomeCodes) {
  const std::vector<float> images = test_images(kImages);
  const Quantization q = quantize_with_source(test_model(), images);
  const engine::Int8Engine engine(q.model, engine::KernelKind::kReference);
  const int node = model::computing_nodes(q.model).back();
  const auto& layer = engine.computing_layer(node);
  const std::size_t depth = layer.geometry.depth();
  AccumulatorRange reached = kNothing;
  for (std::size_t o = 0; o < layer.folded_bias.size(); ++o) {
    for (const bool high : {false, true}) {
      std::vector<std::int8_t> codes(depth);
      for (std::size_t k = 0; k < depth; ++k) {
        codes[k] = (layer.weights[o * depth + k] > 0) == high ? 127 : -128;
      }
      reached = with(reached, sums_of(engine, node, codes.data())[o]);
    }
  }
  EXPECT_EQ(quality_of(measure_layers(q, images, 1), at(node)).worst_case, reached);
}

TEST(LayerReport, TheNoiseIsThatOfTheStoredTensors) {
  const std::vector<float> images = test_images(1);
  const Quantization q = quantize_with_source(test_model(), images);
  const auto report = measure_layers(q, images, 1);
  const engine::Int8Engine engine(q.model);
  const auto codes = engine.run_all(engine::exact_assignment(q.model), 1, input_codes(q, images));
  const auto reals = engine::run_float(q.source, images);
  for (std::size_t i = 0; i <= at(engine.logits_node()); ++i) {
    const std::vector<float>& real = reals[at(q.layers[i].stored_as)];
    double signal = 0;
    double noise = 0;
    for (std::size_t e = 0; e < real.size(); ++e) {
      const double error = real[e] - quant::dequantize(codes[i][e], q.model.nodes[i].quant);
      signal += double{real[e]} * real[e];
      noise += error * error;
    }
    EXPECT_NEAR(quality_of(report, i).signal_to_noise_db.value_or(-1),
                10 * std::log10(signal / noise), 1e-9);
  }
}

TEST(LayerReport, MinMaxSaturatesNothing) {
  const std::vector<float> images = test_images(50);
  const Quantization q = quantize_with_source(test_model(), images);
  for (const auto& layer : measure_layers(q, images, 1)) {
    EXPECT_EQ(layer ? layer->saturated_fraction : 0, 0);
  }
}

// The image is alone in its group; in a larger one the percentile is that of all its tensors.
TEST(LayerReport, APercentileSaturatesNoMoreThanItSays) {
  const std::vector<float> images = test_images(200);
  const RangeParams ranges{.method = RangeMethod::kPercentile, .percentile = 80};
  const Quantization q = quantize_with_source(test_model(), images, {.ranges = ranges});
  const double saturated = quality_of(measure_layers(q, images, 1), 0).saturated_fraction;
  EXPECT_LE(saturated, 0.2);
  EXPECT_GT(saturated, 0.1);
}

TEST(LayerReport, ThreadsDoNotChangeAnything) {
  const std::vector<float> images = test_images(37);
  const Quantization q = quantize_with_source(test_model(), images);
  EXPECT_EQ(measure_layers(q, images, 3), measure_layers(q, images, 1));
}

TEST(LayerReport, WhatInt8DoesNotRunHasNoFigures) {
  const Quantization q = quantize_with_source(test_model(), test_images(2));
  const auto report = measure_layers(q, test_images(2), 1);
  ASSERT_EQ(report.size(), q.model.nodes.size());
  EXPECT_FALSE(report.back().has_value());
  EXPECT_FALSE(quality_of(report, 0).measured.has_value());
}

}  // namespace
}  // namespace deepaxe::calibrate
