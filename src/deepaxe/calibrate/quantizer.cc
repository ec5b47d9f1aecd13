#include "deepaxe/calibrate/quantizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "deepaxe/base/input_error.h"
#include "deepaxe/calibrate/bias_correction.h"
#include "deepaxe/calibrate/lowering.h"
#include "deepaxe/calibrate/sharing.h"
#include "deepaxe/calibrate/tensor_groups.h"
#include "deepaxe/calibrate/weights.h"

namespace deepaxe::calibrate {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

quant::QuantParams fixed_quantization(const model::Op& op) {
  const auto* activate = std::get_if<model::Activate>(&op);
  if (activate != nullptr && activate->activation.kind == model::ActivationKind::kTanh) {
    return {.scale = 1.0F / 128, .zero_point = 0};
  }
  return {.scale = 1.0F / 256, .zero_point = -128};
}

// Emits the int8 form of a lowered network whose ranges are known.
class Emitter {
 public:
  /// `ranges` as group_ranges gives them.
  Emitter(const model::FloatModel& source, const QuantizeParams& params, const TensorGroups& groups,
          const std::vector<Range>& ranges)
      : source_(source),
        params_(params),
        fused_into_(groups.fused_into),
        group_(groups.group),
        ranges_(ranges),
        new_index_(source.nodes.size(), -1) {}

  model::Int8Model run(std::vector<LayerStats>& stats) {
    result_.name = source_.name;
    for (std::size_t i = 0; i < source_.nodes.size(); ++i) {
      if (at(fused_into_[i]) == i) {
        new_index_[i] = static_cast<int>(result_.nodes.size());
        stats.push_back({.name = source_.nodes[i].name,
                         .computed_by = static_cast<int>(i),
                         .stored_as = static_cast<int>(i),
                         .range = ranges_[at(group_[i])]});
        result_.nodes.push_back(emit(source_.nodes[i], i, stats.back()));
      } else {
        new_index_[i] = new_index_[at(fused_into_[i])];
        stats[at(new_index_[i])].stored_as = static_cast<int>(i);
        set_relu(result_.nodes[at(new_index_[i])], source_.nodes[i]);
      }
    }
    result_.output = new_index_[at(source_.output)];
    model::validate(result_, result_.name);
    return std::move(result_);
  }

 private:
  quant::QuantParams params_of(std::size_t node) const {
    const std::size_t group = at(group_[node]);
    const model::Op& op = source_.nodes[group].op;
    if (has_fixed_quantization(op)) return fixed_quantization(op);
    return params_of_range(ranges_[group], params_.symmetric_activations);
  }

  model::Int8Node emit(const model::FloatNode& node, std::size_t index, LayerStats& stats) {
    model::Int8Node result;
    result.name = node.name;
    result.op = node.op;
    result.shape = node.shape;
    result.quant = stats.quant = params_of(index);
    for (const int input : node.inputs) result.inputs.push_back(new_index_[at(input)]);
    if (const auto* activate = std::get_if<model::Activate>(&node.op)) {
      set_activation(result, node, activate->activation);
    }
    if (!node.weights.empty() && !model::is_computing(node.op)) {
      quantize_constant(node.weights, result);
    }
    if (model::is_computing(node.op)) {
      const float input_scale = result_.nodes[at(result.inputs.at(0))].quant.scale;
      quantize_weights(node, {.input_scale = input_scale, .per_tensor = params_.per_tensor_weights},
                       result, stats);
      const bool single = params_.rounding == RoundingRule::kSingle ||
                          std::holds_alternative<model::Dense>(node.op);
      result.rounding = single ? quant::Rounding::kSingle : quant::Rounding::kDouble;
      expect_factors(result);
    }
    return result;
  }

  void set_activation(model::Int8Node& result, const model::FloatNode& node,
                      const model::Activation& activation) const {
    if (activation.kind != model::ActivationKind::kRelu || activation.negative_slope != 0) return;
    set_relu(result, node);
    result.op = model::Activate{.activation = result.activation};
  }

  // 6 is the one bound that TFLite can fuse. Another one must lie at or above the end of the range,
  // where the saturation of the codes does its work.
  void set_relu(model::Int8Node& node, const model::FloatNode& relu) const {
    const model::Activation& activation = std::get<model::Activate>(relu.op).activation;
    node.activation = {.kind = model::ActivationKind::kRelu};
    node.clamp_low = quant::quantize(0, node.quant);
    if (!activation.has_max) return;
    if (activation.max_value == 6) {
      node.activation.max_value = 6;
      node.activation.has_max = true;
      node.clamp_high = quant::quantize(6, node.quant);
    } else if (quant::quantize(activation.max_value, node.quant) < 127) {
      refuse(relu.name, fmt::format("relu with maximum {}, below the range of its tensor",
                                    activation.max_value));
    }
  }

  // quant::make_requant_scale takes factors below 2^30. Larger ones come from an output whose range
  // is next to nothing against the products that make it.
  void expect_factors(const model::Int8Node& node) const {
    const double input_scale = result_.nodes[at(node.inputs.at(0))].quant.scale;
    for (const float scale : node.weight_scales) {
      const double factor = input_scale * double{scale} / double{node.quant.scale};
      if (factor >= 0x1p29) {
        refuse(node.name,
               fmt::format("requantization factor {}, the range of its values vanishes", factor));
      }
    }
  }

  [[noreturn]] void refuse(const std::string& layer, std::string found) const {
    throw base::InputError({.file = source_.name,
                            .place = "layer " + layer,
                            .found = std::move(found),
                            .expected = "a layer with an int8 form"});
  }

  const model::FloatModel& source_;
  const QuantizeParams& params_;
  const std::vector<int>& fused_into_;
  const std::vector<int>& group_;
  const std::vector<Range>& ranges_;
  std::vector<int> new_index_;
  model::Int8Model result_;
};

}  // namespace

Quantization quantize_with_source(const model::FloatModel& model,
                                  std::span<const float> calibration_images,
                                  const QuantizeParams& params) {
  Quantization result{.model = {}, .source = lower(model), .layers = {}};
  const std::size_t size = model::num_elements(result.source.input_shape());
  if (calibration_images.empty() || calibration_images.size() % size != 0) {
    throw std::invalid_argument(fmt::format("{} calibration values, expected a multiple of {}",
                                            calibration_images.size(), size));
  }
  const TensorGroups groups = find_groups(result.source);
  const std::vector<Range> ranges = group_ranges(result.source, groups, calibration_images, params);
  result.model = Emitter(result.source, params, groups, ranges).run(result.layers);
  if (params.bias_correction) correct_biases(result, calibration_images, params.num_threads);
  return result;
}

model::Int8Model quantize(const model::FloatModel& model, std::span<const float> calibration_images,
                          const QuantizeParams& params) {
  return quantize_with_source(model, calibration_images, params).model;
}

}  // namespace deepaxe::calibrate
