// What approximate multipliers will do to a network's accuracy, predicted from one exact run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deepaxe/arith/weighted_error.h"
#include "deepaxe/engine/assignment.h"
#include "deepaxe/engine/int8_engine.h"

namespace deepaxe::explore {

/// Of one computing layer of the exact network.
struct LayerProfile {
  int node = 0;
  arith::CodeCounts
      activations{};            ///< Elements of the input tensor over all images, padding left out.
  arith::CodeCounts weights{};  ///< Every weight once.
  double output_variance = 0;   ///< Of the output codes over elements and images, codes^2.
};

struct NetworkProfile {
  std::vector<LayerProfile> layers;  ///< In the order of model::computing_nodes.
  std::vector<std::int8_t> logits;   ///< [images, classes], codes.
  std::vector<int> labels;           ///< [images]
  double accuracy = 0;               ///< Of the exact network.
};

/// Runs the exact network over all images. The same figures for any number of threads; polls
/// base::check_interrupt. images [n, input size] in codes, n >= 1.
NetworkProfile profile_network(const engine::Int8Engine& engine,
                               std::span<const std::int8_t> images, std::span<const int> labels,
                               int num_threads);

struct LayerPrediction {
  arith::WeightedError product_error;  ///< Activations and weights as in the layer.
  double output_error = 0;     ///< Mean square error of the outputs before clamping, codes^2.
  double noise_to_signal = 0;  ///< That without the channels' common shift, over output_variance.
};

struct ErrorPrediction {
  std::vector<LayerPrediction> layers;
  double noise_to_signal = 0;  ///< Sum of the layers'.
  double accuracy = 0;         ///< Fraction.
  double accuracy_drop = 0;    ///< NetworkProfile::accuracy - accuracy.
};

/// The network is not run. Assumptions, each an approximation:
///   1. Activations of a layer are independent, all with the layer's own histogram. Output channel
///      o with weights w_k and requantization scale s_o then has the mean square error
///      s_o^2 ((sum_k mean(w_k))^2 + sum_k variance(w_k)), mean and variance of the product's error
///      given the weight: output_error.
///   2. The mean over channels of s_o sum_k mean(w_k), a shift of the whole layer, does no harm.
///   3. Noise over signal is the same behind a layer as before it, and layers add up.
///   4. The logits get independent Gaussian noise of that ratio to their variance.
/// docs/multiplier-analysis.md compares it with measured accuracy.
ErrorPrediction predict_error(const engine::Int8Engine& engine, const NetworkProfile& profile,
                              const engine::Assignment& assignment);

/// Mean probability that the label's logit is the largest after independent Gaussian noise of
/// `deviation` > 0 codes on each. logits [labels.size(), classes].
double accuracy_under_noise(std::span<const std::int8_t> logits, std::span<const int> labels,
                            double deviation);

}  // namespace deepaxe::explore
