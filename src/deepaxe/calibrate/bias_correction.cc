#include "deepaxe/calibrate/bias_correction.h"

#include <utility>
#include <vector>

#include "deepaxe/calibrate/float_pass.h"
#include "deepaxe/calibrate/weights.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

using ChannelValues = std::vector<std::vector<double>>;  // Of each node asked for: [channels].

void add_to(std::vector<double>& sums, std::span<const double> others) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += others[i];
}

// Mean output of each channel of `nodes`, in ascending order.
ChannelValues mean_outputs(const model::FloatModel& network, std::span<const int> nodes,
                           std::span<const float> images, int num_threads) {
  ChannelValues sums;
  sums.reserve(nodes.size());
  for (const int node : nodes) {
    sums.emplace_back(at(model::num_channels(network.nodes[at(node)].shape)));
  }
  const std::size_t num_images = images.size() / model::num_elements(network.input_shape());
  std::vector<ChannelValues> of_block(num_blocks(num_images), sums);
  for_each_image(engine::FloatEngine(network), nodes.back(), images, num_threads,
                 [&](const FloatVisit& visit) {
                   for (std::size_t n = 0; n < nodes.size(); ++n) {
                     const std::vector<float>& tensor = visit.tensors[at(nodes[n])];
                     std::vector<double>& own = of_block[visit.block][n];
                     for (std::size_t i = 0; i < tensor.size(); ++i) {
                       own[i % own.size()] += double{tensor[i]};
                     }
                   }
                 });
  for (const ChannelValues& block : of_block) {
    for (std::size_t n = 0; n < nodes.size(); ++n) add_to(sums[n], block[n]);
  }
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const std::size_t elements = model::num_elements(network.nodes[at(nodes[n])].shape);
    const std::size_t summands =
        elements / sums[n].size() * num_images;  // A whole number of channels.
    for (double& value : sums[n]) value /= static_cast<double>(summands);
  }
  return sums;
}

float input_scale(const model::Int8Model& network, const model::Int8Node& node) {
  return network.nodes[at(node.inputs.at(0))].quant.scale;
}

}  // namespace

model::FloatModel with_rounded_weights(const Quantization& quantization) {
  model::FloatModel rounded = quantization.source;
  for (const int layer : model::computing_nodes(quantization.model)) {
    const model::Int8Node& node = quantization.model.nodes[at(layer)];
    model::FloatNode& target = rounded.nodes[at(quantization.layers[at(layer)].computed_by)];
    target.weights = dequantize_weights(node);
    target.bias = dequantize_bias(node, input_scale(quantization.model, node));
  }
  return rounded;
}

void correct_biases(Quantization& quantization, std::span<const float> images, int num_threads) {
  const std::vector<int> layers = model::computing_nodes(quantization.model);
  if (layers.empty()) return;
  std::vector<int> sources;
  sources.reserve(layers.size());
  for (const int layer : layers) sources.push_back(quantization.layers[at(layer)].computed_by);
  const ChannelValues wanted = mean_outputs(quantization.source, sources, images, num_threads);
  model::FloatModel rounded = with_rounded_weights(quantization);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    model::Int8Node& node = quantization.model.nodes[at(layers[l])];
    const float scale = input_scale(quantization.model, node);
    const std::span<const int> source(&sources[l], 1);
    const std::vector<double> found = mean_outputs(rounded, source, images, num_threads).front();
    for (std::size_t o = 0; o < found.size(); ++o) {
      node.bias[o] =
          bias_code(node.bias[o] + (wanted[l][o] - found[o]) / bias_scale(node, scale, o));
    }
    rounded.nodes[at(sources[l])].bias = dequantize_bias(node, scale);
  }
}

}  // namespace deepaxe::calibrate
