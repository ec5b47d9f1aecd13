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
  explicit ChannelOf(const model::FloatNode& node)
      : num_channels_(static_cast<std::size_t>(model::num_channels(node.shape))),
        per_channel_(node.weights.size() / num_channels_),
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

double bias_of(const model::FloatNode& node, std::size_t channel) {
  return node.bias.empty() ? 0.0 : double{node.bias[channel]};
}

std::vector<float> choose_scales(const model::FloatNode& node, const ChannelOf& channel_of,
                                 float input_scale, LayerStats& stats) {
  std::vector<double> largest(channel_of.num_channels());
  for (std::size_t i = 0; i < node.weights.size(); ++i) {
    double& channel = largest[channel_of(i)];
    channel = std::max(channel, std::abs(double{node.weights[i]}));
  }
  const double of_all = *std::max_element(largest.begin(), largest.end());
  std::vector<float> scales;
  for (std::size_t o = 0; o < largest.size(); ++o) {
    // Denormal scales would lose the weights' digits; such weights are as good as 0.
    double scale = largest[o] / kMaxWeightCode;
    if (scale < double{std::numeric_limits<float>::min()}) {
      ++stats.dead_channels;
      scale = of_all / kMaxWeightCode;
      if (scale < double{std::numeric_limits<float>::min()}) scale = 1.0 / kMaxWeightCode;
    }
    const double least = std::abs(bias_of(node, o)) / (double{input_scale} * kMaxBiasCode);
    if (scale < least) {
      ++stats.widened_channels;
      scale = least;
    }
    scales.push_back(static_cast<float>(scale));
  }
  return scales;
}

}  // namespace

void quantize_weights(const model::FloatNode& node, float input_scale, model::Int8Node& result,
                      LayerStats& stats) {
  const ChannelOf channel_of(node);
  result.weight_scales = choose_scales(node, channel_of, input_scale, stats);
  result.weights.resize(node.weights.size());
  for (std::size_t i = 0; i < node.weights.size(); ++i) {
    const double scale = result.weight_scales[channel_of(i)];
    const double code = std::round(double{node.weights[i]} / scale);
    result.weights[i] = static_cast<std::int8_t>(std::clamp(code, -kMaxWeightCode, kMaxWeightCode));
    if (result.weights[i] == 0 && node.weights[i] != 0) ++stats.zeroed_weights;
  }
  for (std::size_t o = 0; o < channel_of.num_channels(); ++o) {
    const double scale = double{input_scale} * double{result.weight_scales[o]};
    constexpr double kMax = 2.0 * kMaxBiasCode - 1;  // The float scale may round a little low.
    result.bias.push_back(
        static_cast<std::int32_t>(std::clamp(std::round(bias_of(node, o) / scale), -kMax, kMax)));
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

}  // namespace deepaxe::calibrate
