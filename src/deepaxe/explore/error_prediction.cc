#include "deepaxe/explore/error_prediction.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/parallel.h"

namespace deepaxe::explore {
namespace {

constexpr std::size_t kBatch = 32;

std::size_t to_size(int value) { return static_cast<std::size_t>(value); }

void count_codes(std::span<const std::int8_t> codes, arith::CodeCounts& counts) {
  for (const std::int8_t code : codes) ++counts[static_cast<std::uint8_t>(code)];
}

void add(const arith::CodeCounts& more, arith::CodeCounts& counts) {
  for (std::size_t code = 0; code < counts.size(); ++code) counts[code] += more[code];
}

double variance(const arith::CodeCounts& counts) {
  double total = 0, sum = 0, square = 0;
  for (std::size_t pattern = 0; pattern < counts.size(); ++pattern) {
    const auto count = static_cast<double>(counts[pattern]);
    const double code = static_cast<std::int8_t>(pattern);
    total += count;
    sum += count * code;
    square += count * code * code;
  }
  return total == 0 ? 0 : square / total - sum / total * (sum / total);
}

// Counts of the input and the output codes of each computing layer.
struct LayerCounts {
  std::vector<arith::CodeCounts> inputs, outputs;
};

LayerCounts count_batch(const engine::Int8Engine& engine, const std::vector<int>& nodes,
                        const std::vector<std::vector<std::int8_t>>& tensors) {
  LayerCounts counts{.inputs = std::vector<arith::CodeCounts>(nodes.size()),
                     .outputs = std::vector<arith::CodeCounts>(nodes.size())};
  for (std::size_t layer = 0; layer < nodes.size(); ++layer) {
    const auto node = to_size(nodes[layer]);
    const int source = engine.model().nodes[node].inputs.front();
    count_codes(tensors[to_size(source)], counts.inputs[layer]);
    count_codes(tensors[node], counts.outputs[layer]);
  }
  return counts;
}

double scale_of(quant::RequantScale scale) {
  return std::ldexp(static_cast<double>(scale.mantissa), scale.shift - 31);
}

// Mean and variance of a channel's accumulator error.
struct ChannelError {
  double mean = 0, variance = 0;
};

ChannelError channel_error(std::span<const std::int8_t> weights,
                           const arith::ErrorByCode& error_by_weight) {
  ChannelError error;
  for (const std::int8_t weight : weights) {
    const arith::WeightedError& one = error_by_weight[static_cast<std::uint8_t>(weight)];
    error.mean += one.mean_lsb;
    error.variance += one.variance_lsb2();
  }
  return error;
}

struct OutputError {
  double mean_square = 0;   // Mean over the output channels, codes^2.
  double common_shift = 0;  // Mean error of all channels, codes.
};

OutputError output_error(const engine::Int8Engine& engine, int node,
                         const arith::ErrorByCode& error_by_weight) {
  const auto& layer = engine.computing_layer(node);
  const std::size_t channels = layer.scales.size();
  const std::size_t depth = layer.weights.size() / channels;
  OutputError result;
  for (std::size_t o = 0; o < channels; ++o) {
    const ChannelError error =
        channel_error(std::span(layer.weights).subspan(o * depth, depth), error_by_weight);
    const double scale = scale_of(layer.scales[o]);
    result.mean_square += scale * scale * (error.variance + error.mean * error.mean);
    result.common_shift += scale * error.mean;
  }
  result.mean_square /= static_cast<double>(channels);
  result.common_shift /= static_cast<double>(channels);
  return result;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// Probability that `label` has the largest of logits with noise: over the label's own noise t, the
// others must stay below. The trapezoidal rule converges fast for such integrands.
double probability_of_label(std::span<const std::int8_t> logits, int label, double deviation) {
  constexpr double kRange = 6, kStep = 0.125;
  double sum = 0;
  for (double t = -kRange; t <= kRange; t += kStep) {
    double product = std::exp(-t * t / 2) / std::sqrt(2 * std::numbers::pi);
    for (std::size_t j = 0; j < logits.size(); ++j) {
      if (j == to_size(label)) continue;
      product *= normal_cdf((logits[to_size(label)] - logits[j]) / deviation + t);
    }
    sum += kStep * product;
  }
  return sum;
}

}  // namespace

NetworkProfile profile_network(const engine::Int8Engine& engine,
                               std::span<const std::int8_t> images, std::span<const int> labels,
                               int num_threads) {
  DEEPAXE_ASSERT(!labels.empty());
  const std::vector<int> nodes = model::computing_nodes(engine.model());
  const engine::Assignment exact = engine::exact_assignment(engine.model());
  const std::size_t image_size = engine.node_size(0);
  const std::size_t classes = to_size(engine.num_classes());
  NetworkProfile profile{.layers = std::vector<LayerProfile>(nodes.size()),
                         .logits = std::vector<std::int8_t>(labels.size() * classes),
                         .labels = std::vector<int>(labels.begin(), labels.end())};
  std::vector<arith::CodeCounts> outputs(nodes.size());
  std::mutex mutex;
  base::parallel_for(
      (labels.size() + kBatch - 1) / kBatch, num_threads, [&](std::size_t index, int) {
        base::check_interrupt();
        const std::size_t first = index * kBatch;
        const std::size_t count = std::min(kBatch, labels.size() - first);
        const auto tensors = engine.run_all(exact, static_cast<int>(count),
                                            images.subspan(first * image_size, count * image_size));
        const LayerCounts counts = count_batch(engine, nodes, tensors);
        std::copy_n(tensors[to_size(engine.logits_node())].begin(), count * classes,
                    profile.logits.begin() + static_cast<std::ptrdiff_t>(first * classes));
        const std::scoped_lock lock(mutex);  // Integer sums: the order does not matter.
        for (std::size_t layer = 0; layer < nodes.size(); ++layer) {
          add(counts.inputs[layer], profile.layers[layer].activations);
          add(counts.outputs[layer], outputs[layer]);
        }
      });
  for (std::size_t layer = 0; layer < nodes.size(); ++layer) {
    profile.layers[layer].node = nodes[layer];
    profile.layers[layer].output_variance = variance(outputs[layer]);
    count_codes(engine.computing_layer(nodes[layer]).weights, profile.layers[layer].weights);
  }
  std::int64_t correct = 0;
  for (std::size_t image = 0; image < labels.size(); ++image) {
    const auto logits =
        std::span<const std::int8_t>(profile.logits).subspan(image * classes, classes);
    correct += engine::argmax(logits) == labels[image] ? 1 : 0;
  }
  profile.accuracy = static_cast<double>(correct) / static_cast<double>(labels.size());
  return profile;
}

ErrorPrediction predict_error(const engine::Int8Engine& engine, const NetworkProfile& profile,
                              const engine::Assignment& assignment) {
  ErrorPrediction prediction;
  for (std::size_t l = 0; l < profile.layers.size(); ++l) {
    const LayerProfile& layer = profile.layers[l];
    const arith::Multiplier& multiplier = assignment.multipliers.at(l)->multiplier;
    const OutputError error =
        output_error(engine, layer.node, arith::error_by_second(multiplier, layer.activations));
    const double noise = error.mean_square - error.common_shift * error.common_shift;
    // Outputs that never change carry nothing that noise could hide.
    const double ratio = layer.output_variance > 0 ? noise / layer.output_variance : 0;
    prediction.layers.push_back(
        {.product_error = arith::weighted_error(multiplier, layer.activations, layer.weights),
         .output_error = error.mean_square,
         .noise_to_signal = ratio});
    prediction.noise_to_signal += ratio;
  }
  arith::CodeCounts logits{};
  count_codes(profile.logits, logits);
  const double deviation = std::sqrt(prediction.noise_to_signal * variance(logits));
  prediction.accuracy = deviation > 0
                            ? accuracy_under_noise(profile.logits, profile.labels, deviation)
                            : profile.accuracy;
  prediction.accuracy_drop = profile.accuracy - prediction.accuracy;
  return prediction;
}

double accuracy_under_noise(std::span<const std::int8_t> logits, std::span<const int> labels,
                            double deviation) {
  const std::size_t classes = logits.size() / labels.size();
  double sum = 0;
  for (std::size_t image = 0; image < labels.size(); ++image) {
    sum += probability_of_label(logits.subspan(image * classes, classes), labels[image], deviation);
  }
  return sum / static_cast<double>(labels.size());
}

}  // namespace deepaxe::explore
