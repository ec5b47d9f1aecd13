// Weights and biases in int8 and int32. Source: TFLite 8-bit specification.
#pragma once

#include <cstdint>
#include <vector>

#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// Largest magnitude of a bias code: leaves room in 32 bits for the products of 98,000 weights.
inline constexpr std::int32_t kMaxBiasCode = 1 << 29;

struct WeightParams {
  float input_scale = 1;    ///< Of the activations that the weights multiply.
  bool per_tensor = false;  ///< One scale for all output channels.
};

/// Fills weights, weight_scales and bias of the int8 form of a computing `node`. Scale of channel
/// o: max |w| / 127, or what brings the bias to kMaxBiasCode where that is larger; a channel
/// without weights takes the largest scale of the others. Per tensor: the largest of these for all.
void quantize_weights(const model::FloatNode& node, const WeightParams& params,
                      model::Int8Node& result, LayerStats& stats);

/// Rounded to nearest and kept within 2 * kMaxBiasCode.
std::int32_t bias_code(double code) noexcept;
/// What 1 in the bias of an output channel stands for.
double bias_scale(const model::Int8Node& node, float input_scale, std::size_t channel);

/// The real numbers that the weights and biases of a computing node stand for.
std::vector<float> dequantize_weights(const model::Int8Node& node);
std::vector<float> dequantize_bias(const model::Int8Node& node, float input_scale);

/// Fills weights and constant_quant with the int8 form of slopes or of a constant operand:
/// asymmetric over their range, one scale.
void quantize_constant(const std::vector<float>& values, model::Int8Node& result);

}  // namespace deepaxe::calibrate
