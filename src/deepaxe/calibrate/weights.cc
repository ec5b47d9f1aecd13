#include "deepaxe/calibrate/weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deepaxe::calibrate {
namespace {

constexpr double kMaxWeightCode = 127;

// Output channel of each weight: outermost axis, innermost for depthwise convolutions.
class ChannelOf {
 public:
  ChannelOf(const model::NodeBase& node, std::size_t num_weights)
      : num_channels_(static_cast<std::size_t>(model::num_channels(node.shape))),
        per_channel_(num_weights / num_channels_),
        innermost_(std::holds_alternative<model::DepthwiseConv2d>(node.op)) {}

  std::size_t operator()(std::size_t weight) const noexcept {
    return innermost_ ? weight % num_channels_ : weight / per_channel_;
  }
  std::size_t num_channels() const noexcept { return num_channels_; }

 private:
  std::size_t num_channels_;
  std::size_t per_channel_;
  bool innermost_;
};

double weight_scale(const model::Int8Node& node, std::size_t channel) {
  return double{node.weight_scales[node.weight_scales.size() == 1 ? 0 : channel]};
}

double bias_of(const model::FloatNode& node, std::size_t channel) {
  return node.bias.empty() ? 0.0 : double{node.bias[channel]};
}

std::vector<double> largest_weights(const model::FloatNode& node, const ChannelOf& channel_of) {
  std::vector<double> largest(channel_of.num_channels());
  for (std::size_t i = 0; i < node.weights.size(); ++i) {
    double& channel = largest[channel_of(i)];
    channel = std::max(channel, std::abs(double{node.weights[i]}));
  }
  return largest;
}

// Denormal scales would lose the weights' digits; such weights are as good as 0.
bool is_dead(double largest) {
  return largest / kMaxWeightCode < double{std::numeric_limits<float>::min()};
}

std::vector<float> choose_scales(const model::FloatNode& node, const ChannelOf& channel_of,
                                 const WeightParams& params, LayerStats& stats) {
  const std::vector<double> largest = largest_weights(node, channel_of);
  const double of_all = *std::max_element(largest.begin(), largest.end());
  const double widest = (is_dead(of_all) ? 1.0 : of_all) / kMaxWeightCode;
  std::vector<float> scales;
  scales.reserve(largest.size());
  for (std::size_t o = 0; o < largest.size(); ++o) {
    const bool dead = is_dead(largest[o]);
    if (dead) ++stats.dead_channels;
    double scale = dead || params.per_tensor ? widest : largest[o] / kMaxWeightCode;
    const double least = std::abs(bias_of(node, o)) / (double{params.input_scale} * kMaxBiasCode);
    if (scale < least) {
      ++stats.widened_channels;
      scale = least;
    }
    scales.push_back(static_cast<float>(scale));
  }
  if (params.per_tensor) scales.assign(1, *std::max_element(scales.begin(), scales.end()));
  return scales;
}

}  // namespace

void quantize_weights(const model::FloatNode& node, const WeightParams& params,
                      model::Int8Node& result, LayerStats& stats) {
  const ChannelOf channel_of(node, node.weights.size());
  result.weight_scales = choose_scales(node, channel_of, params, stats);
  result.weights.resize(node.weights.size());
  for (std::size_t i = 0; i < node.weights.size(); ++i) {
    const double scale = weight_scale(result, channel_of(i));
    const double code = std::round(double{node.weights[i]} / scale);
    result.weights[i] = static_cast<std::int8_t>(std::clamp(code, -kMaxWeightCode, kMaxWeightCode));
    if (result.weights[i] == 0 && node.weights[i] != 0) ++stats.zeroed_weights;
  }
  result.bias.reserve(channel_of.num_channels());
  for (std::size_t o = 0; o < channel_of.num_channels(); ++o) {
    result.bias.push_back(bias_code(bias_of(node, o) / bias_scale(result, params.input_scale, o)));
  }
}

void quantize_constant(const std::vector<float>& values, model::Int8Node& result) {
  Range range;
  for (const float value : values) range.include(value);
  result.constant_quant = params_of_range(range, false);
  result.weights.clear();
  for (const float value : values) {
    result.weights.push_back(quant::quantize(value, result.constant_quant));
  }
}

std::int32_t bias_code(double code) noexcept {
  constexpr double kMax = 2.0 * kMaxBiasCode - 1;  // The float scale may round a little low.
  return static_cast<std::int32_t>(std::clamp(std::round(code), -kMax, kMax));
}

double bias_scale(const model::Int8Node& node, float input_scale, std::size_t channel) {
  return double{input_scale} * weight_scale(node, channel);
}

std::vector<float> dequantize_weights(const model::Int8Node& node) {
  const ChannelOf channel_of(node, node.weights.size());
  std::vector<float> weights(node.weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(weight_scale(node, channel_of(i)) * node.weights[i]);
  }
  return weights;
}

std::vector<float> dequantize_bias(const model::Int8Node& node, float input_scale) {
  std::vector<float> bias(node.bias.size());
  for (std::size_t o = 0; o < bias.size(); ++o) {
    bias[o] = static_cast<float>(bias_scale(node, input_scale, o) * node.bias[o]);
  }
  return bias;
}

}  // namespace deepaxe::calibrate
