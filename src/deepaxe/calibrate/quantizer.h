// quantize: post-training quantization of a float network to int8.
// Source: TensorFlow Lite 8-bit quantization specification,
// https://ai.google.dev/edge/litert/models/quantization_spec
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/calibrate/range.h"
#include "deepaxe/calibrate/range_search.h"
#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// How computing layers round their accumulators.
enum class RoundingRule {
  kAsLiteRt,  ///< Single for dense layers, double for convolutions: LiteRT's reference kernels.
  kSingle,    ///< Everywhere: the leaner hardware.
};

struct QuantizeParams {
  /// Zero point 0 for every activation (softmax output excepted, which TFLite fixes).
  bool symmetric_activations = false;
  /// One weight scale for a layer instead of one for each output channel: fewer constants in
  /// hardware, coarser weights.
  bool per_tensor_weights = false;
  RangeParams ranges = {};
  bool bias_correction = false;  ///< See bias_correction.h.
  RoundingRule rounding = RoundingRule::kAsLiteRt;
  int num_threads = 0;  ///< 0: all of the machine. The result does not depend on it.

  bool operator==(const QuantizeParams&) const = default;
};

/// What became of one layer.
struct LayerStats {
  std::string name;
  int computed_by = 0;  ///< The node of the source that the int8 node is the form of.
  int stored_as = 0;    ///< The node whose tensor it stores: the same, or the ReLU fused into it.
  Range range = {};     ///< That the codes spread over; of all layers that share its quantization.
  quant::QuantParams quant = {};
  std::int64_t dead_channels = 0;     ///< Computing layers: all weights 0.
  std::int64_t widened_channels = 0;  ///< Weight scale enlarged so that the bias fits.
  std::int64_t zeroed_weights = 0;    ///< Not 0, rounded to code 0.
};

/// An int8 network beside the float one that it stands for.
struct Quantization {
  model::Int8Model model;
  model::FloatModel source;        ///< Lowered (lowering.h).
  std::vector<LayerStats> layers;  ///< One for each node of `model`.
};

/// `calibration_images` [n, input size], preprocessed as for the float network, n >= 1.
///
/// Activations: int8 per tensor from a range of the values over the images (range_search.h), 0
/// always included, the zero point rounded. Pools, reshapes, pads and concatenations share the
/// quantization of what they read, as TFLite demands. Weights: symmetric, per output channel or per
/// tensor, [-127, 127]. Bias: int32 with scale s_in * s_w. A ReLU behind a computing layer,
/// addition or pool that nobody else reads is fused into it. See lowering.h for what is rewritten
/// first.
///
/// Throws InputError naming the layer for ops without an int8 form and for values that are not
/// finite; std::invalid_argument for no images, a wrong number of values or a
/// wrong percentile.
Quantization quantize_with_source(const model::FloatModel& model,
                                  std::span<const float> calibration_images,
                                  const QuantizeParams& params = {});

/// quantize_with_source(...).model
model::Int8Model quantize(const model::FloatModel& model, std::span<const float> calibration_images,
                          const QuantizeParams& params = {});

}  // namespace deepaxe::calibrate
